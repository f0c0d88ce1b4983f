// Why a sandbox is started for a call, and how that one comes to be: the server's words, and the reader's for them. Pure.
import type { Messages } from "../i18n/messages";

/** Why no warm sandbox served a call; also the values of hearth's metric dimension `Reason`. */
export const COLD_START_REASONS = [
  "first",
  "scale-out",
  "expired",
  "evicted",
  "code-changed",
  "configuration-changed",
  "retired",
  "crashed",
] as const;

/** The start that a call needed; both are null for a warm one. */
export interface Start {
  /** One of `COLD_START_REASONS`; a newer server may have others. */
  readonly coldStartReason: string | null;
  /** `pool-hit`: one that had been prepared; `pool-miss`: one made while the call waited; `snapshot`: a copy of one that had initialised. */
  readonly startPath: string | null;
}

/** In short, such as "First call · pool hit"; absent for a warm start. */
export function startInWords({ coldStartReason, startPath }: Start, words: Messages["starts"]): string | undefined {
  if (coldStartReason === null) return undefined;
  const reasons: Readonly<Record<string, string>> = words.reasons;
  const paths: Readonly<Record<string, string>> = words.paths;
  const reason = reasons[coldStartReason] ?? coldStartReason;
  return startPath === null ? reason : words.both(reason, paths[startPath] ?? startPath);
}

// The keys to redact, as they are typed. Pure.

/** Keys at most. */
const MOST_KEYS = 100;
const MOST_CHARACTERS = 128;

/** Why a key cannot be added. */
export type RedactProblem = "redactTooLong" | "redactTooMany" | "redactTwice";

/** Why `typed` cannot be added to `keys`, whose case does not matter. */
export function redactProblem(keys: readonly string[], typed: string): RedactProblem | undefined {
  const key = typed.trim();
  if (key === "") return undefined;
  if ([...key].length > MOST_CHARACTERS) return "redactTooLong";
  if (keys.some((kept) => kept.toLowerCase() === key.toLowerCase())) return "redactTwice";
  return keys.length >= MOST_KEYS ? "redactTooMany" : undefined;
}

/** `keys` with `typed`, where it can be added. */
export function withKey(keys: readonly string[], typed: string): readonly string[] {
  const key = typed.trim();
  return key === "" || redactProblem(keys, key) ? keys : [...keys, key];
}

// The limits in force: which unit each is in, and which option sets it. Pure.
import type { Format } from "../../i18n/format";

/** The options that set limits. */
export const OPTIONS: Readonly<Record<string, string>> = {
  sandboxMemoryMib: "--memory-mib",
  keepAliveSeconds: "--keep-alive-seconds",
  accountConcurrency: "--account-concurrency",
  asyncRetryDelayMs: "--async-retry-delay-ms",
  drainSeconds: "--drain-seconds",
};

/** A limit's value, in the unit that its name ends in. */
export function limitText(format: Format, name: string, value: number): string {
  if (name.endsWith("Mib")) return format.bytes(value * 1024 * 1024);
  if (name.endsWith("Bytes")) return format.bytes(value);
  if (name.endsWith("Seconds")) return format.duration(value * 1_000);
  if (name.endsWith("Ms")) return format.duration(value);
  return format.number(value);
}

// The time that a page of charts shows: as text for its address, and as a span of epoch milliseconds.

/** Units of a range that ends now. */
export type RangeUnit = "minute" | "hour" | "day" | "week";

/** The last so-and-so long, or from one time to another (epoch milliseconds). */
export type TimeRange =
  | { readonly kind: "relative"; readonly amount: number; readonly unit: RangeUnit }
  | { readonly kind: "absolute"; readonly from: number; readonly to: number };

/** Epoch milliseconds; `to` is exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What CloudWatch's console offers, as `readRange` reads it. */
export const PRESETS = ["1h", "3h", "12h", "1d", "3d", "1w", "2w"] as const;

/** CloudWatch keeps data for 15 months; no range is longer. */
export const LONGEST_MS = 456 * 86_400_000;

const UNITS: Readonly<Record<string, RangeUnit>> = { m: "minute", h: "hour", d: "day", w: "week" };
const LENGTHS: Readonly<Record<RangeUnit, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 };

/** Reads `3h`, or `1700000000-1700003600` (epoch seconds); undefined for anything else. */
export function parseRange(text: string): TimeRange | undefined {
  const relative = /^(\d{1,6})([mhdw])$/.exec(text);
  const unit = UNITS[relative?.[2] ?? ""];
  if (relative && unit) {
    const range: TimeRange = { kind: "relative", amount: Number(relative[1]), unit };
    return isRange(range) ? range : undefined;
  }
  const absolute = /^(\d{1,11})-(\d{1,11})$/.exec(text);
  if (!absolute) return undefined;
  const range: TimeRange = { kind: "absolute", from: Number(absolute[1]) * 1_000, to: Number(absolute[2]) * 1_000 };
  return isRange(range) ? range : undefined;
}

/** Reads a range from an address; `fallback` (a preset) where it has none, or none that makes sense. */
export function readRange(text: string | null, fallback: (typeof PRESETS)[number] = "3h"): TimeRange {
  return parseRange(text ?? "") ?? parseRange(fallback)!;
}

/** The text that `parseRange` reads. */
export function writeRange(range: TimeRange): string {
  if (range.kind === "absolute") return `${Math.floor(range.from / 1_000)}-${Math.ceil(range.to / 1_000)}`;
  return `${range.amount}${range.unit[0]}`;
}

/** How long it is, milliseconds. */
export function lengthOf(range: TimeRange): number {
  return range.kind === "absolute" ? range.to - range.from : range.amount * LENGTHS[range.unit];
}

/** True when data can be asked for: it ends behind its start, and is not longer than data are kept. */
export function isRange(range: TimeRange): boolean {
  const length = lengthOf(range);
  return length > 0 && length <= LONGEST_MS;
}

/** When it begins and ends at `now`, widened to whole periods so that each datapoint covers a period wholly in view. */
export function spanOf(range: TimeRange, now: number, periodS: number): Span {
  const period = periodS * 1_000;
  if (range.kind === "absolute") {
    return { from: Math.floor(range.from / period) * period, to: Math.ceil(range.to / period) * period };
  }
  const to = Math.ceil((now + 1) / period) * period;
  return { from: to - Math.ceil(lengthOf(range) / period) * period, to };
}

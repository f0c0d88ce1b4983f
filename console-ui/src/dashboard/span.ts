// The time that the dashboard looks back on, and how its metrics are asked for. Pure.
import type { Span } from "../chart/range";

/** The ranges to choose from, as the address has them. */
export const RANGES = ["1h", "1d", "1w"] as const;

/** A range that ends now. */
export type DashboardRange = (typeof RANGES)[number];

const MINUTE_S = 60;
const LENGTHS_S: Readonly<Record<DashboardRange, number>> = { "1h": 3_600, "1d": 86_400, "1w": 604_800 };
const PERIODS_S: Readonly<Record<DashboardRange, number>> = { "1h": 120, "1d": 1_800, "1w": 21_600 };

/** Reads a range from an address; a day where it has none. */
export function readDashboardRange(text: string | null): DashboardRange {
  return RANGES.find((range) => range === text) ?? "1d";
}

/** The time of a small chart's bar, seconds. */
export function barOf(range: DashboardRange): number {
  return PERIODS_S[range];
}

/** The range as of `now` (epoch milliseconds), in whole minutes, the present one included. */
export function dashboardSpan(range: DashboardRange, now: number): Span {
  const to = (Math.floor(now / (MINUTE_S * 1_000)) + 1) * MINUTE_S;
  return { from: (to - LENGTHS_S[range]) * 1_000, to: to * 1_000 };
}

/**
 * A period (seconds) that holds the whole span, so that a percentile is that of all its values: periods begin at multiples of
 * their length since 1970, so that one as long as the span would cut it in two.
 */
export function wholePeriod({ from, to }: Span): number {
  const [start, end] = [from / 1_000, to / 1_000];
  for (let period = Math.ceil((end - start) / MINUTE_S) * MINUTE_S; ; period += MINUTE_S) {
    if (Math.floor(start / period) === Math.floor((end - 1) / period)) return period;
  }
}

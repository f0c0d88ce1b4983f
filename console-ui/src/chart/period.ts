// How much time a datapoint sums up: long enough that a range has few points, and one that CloudWatch has data for.

/** The periods to choose from, seconds. */
export const PERIODS = [1, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400] as const;

/** Points of a series, at most: a minute each for a day. */
export const MOST_POINTS = 1_440;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The shortest period that CloudWatch has for data of this age (milliseconds): seconds are kept for 3 hours, minutes for
 * 15 days, 5 minutes for 63 days, hours for 15 months.
 */
export function shortestPeriod(ageMs: number): number {
  if (ageMs <= 3 * HOUR) return 1;
  if (ageMs <= 15 * DAY) return 60;
  return ageMs <= 63 * DAY ? 300 : 3_600;
}

/** What a period is chosen by. */
export interface PeriodNeeds {
  /** How long the range is, milliseconds. */
  readonly lengthMs: number;
  /** How long ago it begins, milliseconds; its length when absent. */
  readonly ageMs?: number;
  /** No shorter than this, seconds; a minute when absent, as most metrics have no finer data. */
  readonly atLeastS?: number;
  readonly mostPoints?: number;
}

/** The shortest period that fits, seconds. */
export function choosePeriod({ lengthMs, ageMs = lengthMs, atLeastS = 60, mostPoints = MOST_POINTS }: PeriodNeeds): number {
  // A range that ends now is a period longer than asked; that is not what makes its data too old.
  const least = Math.max(atLeastS, shortestPeriod(ageMs - 60_000));
  const fits = (period: number) => period >= least && lengthMs / (period * 1_000) <= mostPoints;
  return PERIODS.find(fits) ?? PERIODS[PERIODS.length - 1]!;
}

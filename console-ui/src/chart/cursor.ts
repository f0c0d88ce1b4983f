// Where a chart's cursor may stand, and how keys move it. Pure.
import type { ChartSeries } from "./geometry";
import { pointAt } from "./series";

const PAGE = 10;

/** All times that have a point, in order. */
export function timesOf(series: readonly ChartSeries[]): number[] {
  const times = new Set(series.flatMap(({ points }) => points.map(({ t }) => t)));
  return [...times].sort((left, right) => left - right);
}

/** The time that is nearest to `t`. */
export function nearest(times: readonly number[], t: number): number | undefined {
  let best: number | undefined;
  for (const time of times) if (best === undefined || Math.abs(time - t) < Math.abs(best - t)) best = time;
  return best;
}

/** Where a key leads from a time; undefined when it is no key of the cursor's, or there are no times. */
export function moved(times: readonly number[], from: number | undefined, key: string): number | undefined {
  const last = times.length - 1;
  if (last < 0) return undefined;
  const here = from === undefined ? undefined : times.indexOf(nearest(times, from)!);
  const to: Readonly<Record<string, number>> = {
    ArrowRight: here === undefined ? 0 : here + 1,
    ArrowLeft: here === undefined ? last : here - 1,
    PageDown: here === undefined ? 0 : here + PAGE,
    PageUp: here === undefined ? last : here - PAGE,
    Home: 0,
    End: last,
  };
  const at = to[key];
  return at === undefined ? undefined : times[Math.min(last, Math.max(0, at))];
}

/** A series and its value at a time. */
export interface Reading {
  readonly series: ChartSeries;
  readonly value: number;
}

/** What the series read at a time; where there are more than `most`, the largest of them. */
export function readingsAt(series: readonly ChartSeries[], t: number, most: number): { readings: Reading[]; left: number } {
  const found = series.flatMap((one) => {
    const point = pointAt(one.points, t, one.periodS);
    return point ? [{ series: one, value: point.v }] : [];
  });
  if (found.length <= most) return { readings: found, left: 0 };
  const largest = found.toSorted((left, right) => right.value - left.value).slice(0, most);
  return { readings: largest, left: found.length - most };
}

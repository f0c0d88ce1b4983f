// Datapoints of a metric over time, and what stands where there are none.
import type { Span } from "./range";

/** A datapoint: the start of its period (epoch milliseconds), and its value. */
export interface Point {
  readonly t: number;
  readonly v: number;
}

/** What is drawn where there is no datapoint: nothing (no call had a duration), or zero (there were no calls). */
export type Filling = "gap" | "zero";

/** The points with zeros in every period of the span without one; up to `now`, as nothing is known of what comes. */
export function filled(points: readonly Point[], span: Span, periodS: number, now: number): Point[] {
  const period = periodS * 1_000;
  const known = new Map(points.map((point) => [point.t, point]));
  const all: Point[] = [];
  for (let t = Math.ceil(span.from / period) * period; t < span.to && t <= now; t += period) {
    all.push(known.get(t) ?? { t, v: 0 });
  }
  return all;
}

/** Runs of points that follow each other without a gap. */
export function runsOf(points: readonly Point[], periodS: number): Point[][] {
  const runs: Point[][] = [];
  let last = -Infinity;
  for (const point of points) {
    if (point.t - last > periodS * 1_500) runs.push([]);
    runs.at(-1)!.push(point);
    last = point.t;
  }
  return runs;
}

/** The point whose period has `t` in it, or else the nearest within a period; undefined in a gap. */
export function pointAt(points: readonly Point[], t: number, periodS: number): Point | undefined {
  const after = firstAfter(points, t);
  const [before, next] = [points[after - 1], points[after]];
  const period = periodS * 1_000;
  if (before && t - before.t < period) return before;
  return next && next.t - t < period / 2 ? next : undefined;
}

/** The index of the first point that is later than `t`; points are in order. */
function firstAfter(points: readonly Point[], t: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle]!.t <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Least and largest value; undefined when there is none. */
export function extentOf(values: Iterable<number>): { least: number; most: number } | undefined {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? { least, most } : undefined;
}

/** A point on top of others: it reaches from `base` to `top`. */
export interface Layer {
  readonly t: number;
  readonly base: number;
  readonly top: number;
}

/** Series on top of each other, the first at the bottom, by the times that any of them has. */
export function stacked(series: readonly (readonly Point[])[]): Layer[][] {
  const tops = new Map<number, number>();
  return series.map((points) =>
    points.map(({ t, v }) => {
      const base = tops.get(t) ?? 0;
      const top = base + Math.max(0, v);
      tops.set(t, top);
      return { t, base, top };
    }),
  );
}

// Where a chart's series lie on its ground, as SVG paths. Pure.
import { axisOf, type Axis } from "./axis";
import type { Span } from "./range";
import { areAlike } from "./unit";
import { extentOf, runsOf, stacked, type Layer, type Point } from "./series";

/** How a series is drawn; areas stand on top of each other, and so do bars. */
export type Shape = "line" | "area" | "bar";

/** A series as a chart draws it. */
export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  readonly color: string;
  /** CloudWatch's name. */
  readonly unit?: string;
  readonly axis: "left" | "right";
  readonly shape: Shape;
  readonly periodS: number;
  readonly points: readonly Point[];
}

/** The ground on which series are drawn, in pixels. */
export interface Ground {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Fixed ends of an axis; absent: as the values need. */
export interface Limits {
  readonly least?: number;
  readonly most?: number;
}

/** What one axis shows: its ends and ticks, and the unit in which they are written. */
export interface Side {
  readonly axis: Axis;
  readonly unit?: string;
}

/** Points of a series that is stacked upon others, by its id. */
export function layersOf(series: readonly ChartSeries[]): ReadonlyMap<string, readonly Layer[]> {
  const layers = new Map<string, readonly Layer[]>();
  for (const shape of ["area", "bar"] as const) {
    for (const side of ["left", "right"] as const) {
      const these = series.filter((one) => one.shape === shape && one.axis === side);
      stacked(these.map((one) => one.points)).forEach((found, at) => layers.set(these[at]!.id, found));
    }
  }
  return layers;
}

/** The axis on one side; undefined when nothing is drawn on it. */
export function sideOf(
  series: readonly ChartSeries[],
  layers: ReadonlyMap<string, readonly Layer[]>,
  which: "left" | "right",
  ticks: number,
  limits: Limits = {},
): Side | undefined {
  const these = series.filter((one) => one.axis === which);
  const values = these.flatMap((one) => layers.get(one.id)?.map((layer) => layer.top) ?? one.points.map((point) => point.v));
  const extent = extentOf(values);
  if (!extent) return undefined;
  // An axis of several units has none.
  const units = these.map((one) => one.unit).filter((unit) => unit !== undefined);
  const unit = units.every((other) => areAlike(other, units[0])) ? units[0] : undefined;
  const axis = axisOf(limits.least ?? extent.least, limits.most ?? extent.most, ticks, unit);
  return unit === undefined ? { axis } : { axis, unit };
}

/** The place of a time. */
export function xOf(t: number, span: Span, ground: Ground): number {
  return ground.left + ((t - span.from) / (span.to - span.from)) * ground.width;
}

/** The time at a place, within the span. */
export function timeAt(x: number, span: Span, ground: Ground): number {
  const share = Math.min(1, Math.max(0, (x - ground.left) / ground.width));
  return span.from + share * (span.to - span.from);
}

/** The place of a value. */
export function yOf(value: number, axis: Axis, ground: Ground): number {
  return ground.top + ground.height * (1 - (value - axis.least) / (axis.most - axis.least));
}

type Place = (point: { readonly t: number; readonly v: number }) => string;

const placing = (span: Span, axis: Axis, ground: Ground): Place => ({ t, v }) =>
  `${round(xOf(t, span, ground))},${round(yOf(v, axis, ground))}`;

/** A line through the points that follow each other; points alone are in `dotsOf`. */
export function linePath(points: readonly Point[], periodS: number, span: Span, axis: Axis, ground: Ground): string {
  const place = placing(span, axis, ground);
  const runs = runsOf(points, periodS).filter((run) => run.length > 1);
  return runs.map((run) => `M${run.map(place).join("L")}`).join("");
}

/** Points with a gap on both sides, through which no line goes. */
export function dotsOf(points: readonly Point[], periodS: number): Point[] {
  return runsOf(points, periodS).filter((run) => run.length === 1).map(([point]) => point!);
}

/** The area between the bases and tops of a stacked series. */
export function areaPath(layers: readonly Layer[], periodS: number, span: Span, axis: Axis, ground: Ground): string {
  const place = placing(span, axis, ground);
  const runs = runsOf(layers.map(({ t }, at) => ({ t, v: at })), periodS);
  return runs
    .map((run) => {
      const these = run.map(({ v }) => layers[v]!);
      const tops = these.map(({ t, top }) => place({ t, v: top }));
      const bases = these.map(({ t, base }) => place({ t, v: base })).reverse();
      return `M${[...tops, ...bases].join("L")}Z`;
    })
    .join("");
}

/** Bars from bases to tops, each as wide as its period but for a gap. */
export function barsPath(layers: readonly Layer[], periodS: number, span: Span, axis: Axis, ground: Ground): string {
  const full = (ground.width * periodS * 1_000) / (span.to - span.from);
  const width = Math.max(1, full - Math.min(2, full / 4));
  return layers
    .filter(({ base, top }) => top > base)
    .map(({ t, base, top }) => {
      const [x, low, high] = [xOf(t, span, ground), yOf(base, axis, ground), yOf(top, axis, ground)];
      return `M${round(x)},${round(low)}V${round(high)}h${round(width)}V${round(low)}Z`;
    })
    .join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

// The series of a graph: answers joined to rows, each on its axis, in one unit an axis. Pure.
import type { ChartSeries, Shape } from "./geometry";
import type { Graph, Row, View } from "./graph";
import type { SeriesAnswer, SeriesQuery } from "./query";
import { areAlike, conversion } from "./unit";

/** What is known of the rows besides the graph. */
export interface RowFacts {
  readonly titles: ReadonlyMap<string, string>;
  /** CloudWatch's name of the unit; undefined while it is not known, and of expressions. */
  readonly unitOf: (row: Row) => string | undefined;
  readonly colorOf: (index: number) => string;
}

const SHAPES: Readonly<Record<View, Shape>> = { lines: "line", stacked: "area", bars: "bar" };

/** On which axis each row is. */
export function axesOf(rows: readonly Row[], unitOf: (row: Row) => string | undefined): ReadonlyMap<string, "left" | "right"> {
  const shown = rows.filter((row) => !row.isHidden && row.axis !== "right");
  const main = shown.map(unitOf).find((unit) => unit !== undefined);
  const automatic = (row: Row) => {
    const unit = unitOf(row);
    return unit === undefined || main === undefined || areAlike(unit, main) ? "left" : "right";
  };
  return new Map(rows.map((row) => [row.id, row.axis === "auto" ? automatic(row) : row.axis]));
}

/** A series for each row, in order; an expression that makes an array has several. Hidden rows have no points. */
export function seriesOfGraph(
  graph: Graph,
  queries: readonly SeriesQuery[],
  answers: readonly SeriesAnswer[],
  facts: RowFacts,
): ChartSeries[] {
  const axes = axesOf(graph.rows, facts.unitOf);
  const series = graph.rows.flatMap((row, at): ChartSeries[] => {
    const unit = facts.unitOf(row);
    const found = row.isHidden ? [] : answers.filter((answer) => answer.id === row.id);
    const one = (id: string, index: number, label: string, points: SeriesAnswer["points"]): ChartSeries => ({
      id,
      label,
      color: facts.colorOf(index),
      ...(unit === undefined ? {} : { unit }),
      axis: axes.get(row.id)!,
      shape: SHAPES[graph.view],
      periodS: queries.find((query) => query.id === row.id)?.periodS ?? 60,
      points,
    });
    if (found.length > 1) {
      const isUnique = new Set(found.map(({ label }) => label)).size === found.length;
      const labelOf = (label: string, place: number) => (isUnique ? label : `${label || row.id} (${place + 1})`);
      return found.map(({ label, points }, place) => one(`${row.id}/${place}`, at + place, labelOf(label, place), points));
    }
    return [one(row.id, at, facts.titles.get(row.id) ?? row.id, found[0]?.points ?? [])];
  });
  return inOneUnit(series);
}

/** The row that a series was made from. */
export function rowIdOf(seriesId: string): string {
  return seriesId.split("/")[0]!;
}

/** Series of an axis in the unit of its first, where their units are alike. */
function inOneUnit(series: readonly ChartSeries[]): ChartSeries[] {
  return series.map((one) => {
    const first = series.find((other) => other.axis === one.axis && other.unit !== undefined)?.unit;
    if (one.unit === undefined || first === undefined || one.unit === first || !areAlike(one.unit, first)) return one;
    const factor = conversion(one.unit, first);
    return { ...one, unit: first, points: one.points.map(({ t, v }) => ({ t, v: v * factor })) };
  });
}

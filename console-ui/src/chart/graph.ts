// What the Metrics page shows: rows of metrics and expressions, and how they are drawn. Pure.
import { choosePeriod } from "./period";
import { lengthOf, type TimeRange } from "./range";
import type { MetricName, SeriesQuery } from "./query";

/** How rows are drawn. */
export const VIEWS = ["lines", "stacked", "bars"] as const;
export type View = (typeof VIEWS)[number];

/** Statistics to choose from; others of CloudWatch's (`tm90`, `PR(:300)`) can come by an address. */
export const STATISTICS = ["Average", "Sum", "Minimum", "Maximum", "SampleCount", "p50", "p90", "p95", "p99"] as const;

/** Most rows of a graph: CloudWatch graphs 500 metrics, of which a reader can tell apart far fewer. */
export const MOST_ROWS = 100;

export type RowAxis = "auto" | "left" | "right";

interface RowFacts {
  /** Names it in expressions. */
  readonly id: string;
  /** Empty: a name made of what it is. */
  readonly label: string;
  /** `auto`: on the left, unless its unit is another than that of the first row. */
  readonly axis: RowAxis;
  readonly isHidden: boolean;
}

/** A metric's statistic; `periodS` 0 means the one that suits the range. */
export interface MetricRow extends RowFacts {
  readonly kind: "metric";
  readonly metric: MetricName;
  readonly statistic: string;
  readonly periodS: number;
}

/** Metric math over other rows. */
export interface ExpressionRow extends RowFacts {
  readonly kind: "expression";
  readonly expression: string;
}

export type Row = MetricRow | ExpressionRow;

/** The graph. */
export interface Graph {
  readonly view: View;
  readonly rows: readonly Row[];
}

export const EMPTY_GRAPH: Graph = { view: "lines", rows: [] };

/** True for what CloudWatch takes as a query's id. */
export function isId(text: string): boolean {
  return /^[a-z][a-zA-Z0-9_]{0,254}$/.test(text);
}

/** True for what CloudWatch takes as a statistic. */
export function isStatistic(text: string): boolean {
  return (
    /^(SampleCount|Sum|Average|Minimum|Maximum|IQM)$/.test(text) ||
    /^(p|tm|tc|ts|wm)\d{1,3}(\.\d{1,10})?$/.test(text) ||
    /^(TM|TC|TS|WM|PR)\([\d.%]*:[\d.%]*\)$/.test(text)
  );
}

/** An id that no row has: `m1`, `e2`. */
export function freshId(rows: readonly Row[], letter: "m" | "e"): string {
  const taken = new Set(rows.map((row) => row.id));
  let number = 1;
  while (taken.has(`${letter}${number}`)) number++;
  return `${letter}${number}`;
}

/** One text for each metric. */
export function metricKey({ namespace, name, dimensions }: MetricName): string {
  const sorted = dimensions.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
  return JSON.stringify([namespace, name, sorted]);
}

/** The graph with a metric more; the same graph when it is full. */
export function withMetric(graph: Graph, metric: MetricName, statistic = "Average"): Graph {
  if (graph.rows.length >= MOST_ROWS) return graph;
  const row: MetricRow = {
    kind: "metric",
    id: freshId(graph.rows, "m"),
    metric,
    statistic,
    periodS: 0,
    label: "",
    axis: "auto",
    isHidden: false,
  };
  return { ...graph, rows: [...graph.rows, row] };
}

/** The graph without any row of a metric. */
export function withoutMetric(graph: Graph, metric: MetricName): Graph {
  const key = metricKey(metric);
  return { ...graph, rows: graph.rows.filter((row) => row.kind !== "metric" || metricKey(row.metric) !== key) };
}

/** The graph with an expression more; the same graph when it is full. */
export function withExpression(graph: Graph, expression: string): Graph {
  if (graph.rows.length >= MOST_ROWS) return graph;
  const id = freshId(graph.rows, "e");
  const row: ExpressionRow = { kind: "expression", id, expression, label: "", axis: "auto", isHidden: false };
  return { ...graph, rows: [...graph.rows, row] };
}

/** The graph with a row changed. */
export function withRow(graph: Graph, id: string, change: (row: Row) => Row): Graph {
  return { ...graph, rows: graph.rows.map((row) => (row.id === id ? change(row) : row)) };
}

/** The graph with a copy of a row behind it. */
export function duplicated(graph: Graph, id: string): Graph {
  if (graph.rows.length >= MOST_ROWS) return graph;
  const rows = graph.rows.flatMap((row) =>
    row.id === id ? [row, { ...row, id: freshId(graph.rows, row.kind === "metric" ? "m" : "e") }] : [row],
  );
  return { ...graph, rows };
}

/** The period that a row is asked for with, seconds: the one that it wants, or a longer one where that suits the range. */
export function periodIn(range: TimeRange, now: number, askedS: number): number {
  const lengthMs = lengthOf(range);
  const ageMs = range.kind === "absolute" ? now - range.from : lengthMs;
  return choosePeriod({ lengthMs, ageMs, ...(askedS > 0 ? { atLeastS: askedS } : {}) });
}

/** What the rows ask of the server. Hidden ones are asked too: expressions may need them. */
export function queriesOf(graph: Graph, range: TimeRange, now: number): SeriesQuery[] {
  const periodOf = (asked: number) => periodIn(range, now, asked);
  const periods = graph.rows.filter((row) => row.kind === "metric").map((row) => periodOf(row.periodS));
  const longest = Math.max(periodOf(0), ...periods);
  return graph.rows
    .filter((row) => row.kind === "metric" || row.expression.trim() !== "")
    .map((row): SeriesQuery => {
      const facts = { id: row.id, isHidden: row.isHidden };
      return row.kind === "metric"
        ? { ...facts, metric: row.metric, statistic: row.statistic, periodS: periodOf(row.periodS) }
        : { ...facts, expression: row.expression, periodS: longest };
    });
}

/**
 * What tells metrics apart, and no more: their statistic, name, and those dimensions whose values differ.
 * Such as `Duration p99 hello` beside `Duration p99 orders`.
 */
export function titlesOf(rows: readonly Row[]): ReadonlyMap<string, string> {
  const metrics = rows.filter((row) => row.kind === "metric");
  const pairs = new Map<string, Set<string>>();
  for (const [name, value] of metrics.flatMap(({ metric }) => metric.dimensions)) {
    pairs.set(name, (pairs.get(name) ?? new Set()).add(value));
  }
  const differ = (of: (row: MetricRow) => string) => new Set(metrics.map(of)).size > 1;
  const [hasNamespaces, hasStatistics] = [differ((row) => row.metric.namespace), differ((row) => row.statistic)];
  const titleOf = ({ metric, statistic }: MetricRow, isTold: (dimension: string) => boolean) =>
    [
      hasNamespaces ? metric.namespace : "",
      metric.name,
      hasStatistics ? statistic : "",
      ...metric.dimensions.filter(([name]) => isTold(name)).map(([, value]) => value),
    ]
      .filter(Boolean)
      .join(" ");
  const short = metrics.map((row) => titleOf(row, (name) => pairs.get(name)!.size > 1));
  const own = (row: MetricRow) => {
    const title = short[metrics.indexOf(row)]!;
    return short.indexOf(title) === short.lastIndexOf(title) ? title : titleOf(row, () => true);
  };
  return new Map(rows.map((row) => [row.id, row.label || (row.kind === "metric" ? own(row) : row.expression || row.id)]));
}

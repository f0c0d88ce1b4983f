// What is asked of GetMetricData, and what its answers say. Pure; api/metric-data.ts sends it.
import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { Point } from "./series";

/** Queries of one GetMetricData, as CloudWatch limits them. */
export const MOST_QUERIES = 500;

/** A metric's name in full. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  /** Names and values of its dimensions. */
  readonly dimensions: readonly (readonly [name: string, value: string])[];
}

/** A statistic of a metric by period, or an expression over other queries by their ids. */
export type SeriesQuery = {
  /** Begins with a lowercase letter; letters, digits and `_`. */
  readonly id: string;
  readonly label?: string;
  /** Seconds. */
  readonly periodS: number;
  /** Asked for other queries' sake only. */
  readonly isHidden?: boolean;
} & (
  | { readonly metric: MetricName; readonly statistic: string }
  | { readonly expression: string }
);

/** The answer to a query; an expression can have several. */
export interface SeriesAnswer {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

/** The queries as the SDK takes them. */
export function requestOf(query: SeriesQuery): MetricDataQuery {
  const shown = { Id: query.id, ReturnData: !query.isHidden, ...(query.label ? { Label: query.label } : {}) };
  if ("expression" in query) return { ...shown, Expression: query.expression };
  const { namespace, name, dimensions } = query.metric;
  return {
    ...shown,
    MetricStat: {
      Metric: {
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensions.map(([Name, Value]) => ({ Name, Value })),
      },
      Period: query.periodS,
      Stat: query.statistic,
    },
  };
}

/** Ids that an expression names; `undefined` when it takes all metrics. */
export function idsIn(expression: string): ReadonlySet<string> | undefined {
  const bare = expression.replace(/"[^"]*"|'[^']*'/g, "");
  if (/\bMETRICS\s*\(/.test(bare)) return undefined;
  return new Set(bare.match(/\b[a-z][a-zA-Z0-9_]*\b/g) ?? []);
}

/**
 * Queries in requests of at most `most`. Expressions and what they name go together in the first one, so that it alone may be
 * larger than the server takes, which then says so.
 */
export function batchesOf(queries: readonly SeriesQuery[], most = MOST_QUERIES): SeriesQuery[][] {
  if (queries.length <= most) return queries.length === 0 ? [] : [[...queries]];
  const together = new Set<string>();
  for (const query of queries) {
    if (!("expression" in query)) continue;
    together.add(query.id);
    for (const id of idsIn(query.expression) ?? queries.map((other) => other.id)) together.add(id);
  }
  const first = queries.filter((query) => together.has(query.id));
  const rest = queries.filter((query) => !together.has(query.id));
  const room = Math.max(0, most - first.length);
  const batches = [[...first, ...rest.slice(0, room)]];
  for (let at = room; at < rest.length; at += most) batches.push(rest.slice(at, at + most));
  return batches;
}

/** Puts the pages of an answer together: a series that was cut (`PartialData`) goes on in a later page. Points are in order. */
export function answersOf(pages: Iterable<readonly MetricDataResult[]>): SeriesAnswer[] {
  const found = new Map<string, { id: string; label: string; points: Map<number, number> }>();
  // The series of an expression can have the same label: they are told apart by their place among those of a page.
  let cut: { name: string; place: number } | undefined;
  for (const results of pages) {
    const places = new Map<string, number>(cut ? [[cut.name, cut.place]] : []);
    cut = undefined;
    for (const { Id: id = "", Label: label = "", Timestamps = [], Values = [], StatusCode } of results) {
      const name = `${id}\n${label}`;
      const place = places.get(name) ?? 0;
      places.set(name, place + 1);
      cut = StatusCode === "PartialData" ? { name, place } : undefined;
      const series = found.get(`${name}\n${place}`) ?? { id, label, points: new Map() };
      found.set(`${name}\n${place}`, series);
      Timestamps.forEach((time, at) => {
        const value = Values[at];
        if (value !== undefined && Number.isFinite(value)) series.points.set(new Date(time).getTime(), value);
      });
    }
  }
  return [...found.values()].map(({ id, label, points }) => ({
    id,
    label,
    points: [...points].map(([t, v]) => ({ t, v })).sort((left, right) => left.t - right.t),
  }));
}

/** Which expression a refusal is about, and what is wrong with it. */
export function refusedExpression(message: string): { id: string; reason: string } | undefined {
  const found = /^Error in expression '([^']+)': ([^]*)$/.exec(message);
  return found ? { id: found[1]!, reason: found[2]! } : undefined;
}

/** The queries without one, and without the expressions that need it. */
export function without(queries: readonly SeriesQuery[], id: string): SeriesQuery[] {
  const gone = new Set([id]);
  for (let before = -1; before !== gone.size; ) {
    before = gone.size;
    for (const query of queries) {
      if (!("expression" in query)) continue;
      if ([...(idsIn(query.expression) ?? [])].some((named) => gone.has(named))) gone.add(query.id);
    }
  }
  return queries.filter((query) => !gone.has(query.id));
}

// What the graph's rows are: their units, their numbers, and the series to draw.
import * as tokens from "@cloudscape-design/design-tokens";
import { useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { metricDataQuery, metricUnitQuery } from "../../api/metric-data";
import { metricKey, queriesOf, titlesOf, type Graph, type Row } from "../../chart/graph";
import { seriesOfGraph } from "../../chart/graph-series";
import { knownUnit } from "../../chart/known";
import type { MetricName } from "../../chart/query";
import type { TimeRange } from "../../chart/range";

const COLORS = [
  tokens.colorChartsPaletteCategorical1,
  tokens.colorChartsPaletteCategorical2,
  tokens.colorChartsPaletteCategorical3,
  tokens.colorChartsPaletteCategorical4,
  tokens.colorChartsPaletteCategorical5,
  tokens.colorChartsPaletteCategorical6,
  tokens.colorChartsPaletteCategorical7,
  tokens.colorChartsPaletteCategorical8,
  tokens.colorChartsPaletteCategorical9,
  tokens.colorChartsPaletteCategorical10,
  tokens.colorChartsPaletteCategorical11,
  tokens.colorChartsPaletteCategorical12,
  tokens.colorChartsPaletteCategorical13,
  tokens.colorChartsPaletteCategorical14,
  tokens.colorChartsPaletteCategorical15,
  tokens.colorChartsPaletteCategorical16,
];

/** The colour of the row at an index. */
export function colorOf(index: number): string {
  return COLORS[index % COLORS.length]!;
}

/** Everything that is drawn or listed of a graph. */
export function useGraphData(graph: Graph, range: TimeRange, refetchInterval: number | false) {
  const unitOf = useUnits(graph);
  const titles = useMemo(() => titlesOf(graph.rows), [graph]);
  const queries = useMemo(() => queriesOf(graph, range, Date.now()), [graph, range]);
  const query = useQuery({ ...metricDataQuery(queries, range), refetchInterval, enabled: queries.length > 0 });
  const data = queries.length > 0 ? query.data : undefined;
  const series = useMemo(
    () => seriesOfGraph(graph, queries, data?.answers ?? [], { titles, unitOf, colorOf }),
    [graph, queries, data, titles, unitOf],
  );
  return { query, data, series, titles };
}

/** The units of the graph's metrics; those that are not known are asked for, once. */
function useUnits(graph: Graph): (row: Row) => string | undefined {
  const asked = useMemo(() => {
    const unknown = new Map<string, MetricName>();
    for (const row of graph.rows) {
      if (row.kind === "metric" && knownUnit(row.metric) === undefined) unknown.set(metricKey(row.metric), row.metric);
    }
    return [...unknown.values()];
  }, [graph]);
  const units = useQueries({
    queries: asked.map(metricUnitQuery),
    combine: useCallback(
      (results: { data: string | null | undefined }[]) =>
        JSON.stringify(Object.fromEntries(asked.map((metric, at) => [metricKey(metric), results[at]?.data ?? null]))),
      [asked],
    ),
  });
  return useMemo(() => {
    const found = JSON.parse(units) as Record<string, string | null>;
    return (row) => (row.kind === "metric" ? (knownUnit(row.metric) ?? found[metricKey(row.metric)] ?? undefined) : undefined);
  }, [units]);
}

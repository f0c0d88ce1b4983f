// Metrics to select for the graph.
import { useCollection } from "@cloudscape-design/collection-hooks";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { useMemo } from "react";
import { metricKey, MOST_ROWS, withMetric, withoutMetric, type Graph } from "../../chart/graph";
import { usualStatistic } from "../../chart/known";
import type { MetricName } from "../../chart/query";
import { useMessages } from "../../i18n/language";
import type { Place } from "./catalog";
import type { GraphState } from "./use-graph";

const PAGE_SIZE = 20;

/** The table; ticked metrics are in the graph. */
export function MetricTable({ metrics: items, place, state }: { metrics: readonly MetricName[]; place: Place; state: GraphState }) {
  const { app, metrics } = useMessages();
  const { graph, change } = state;
  const columns = useColumns(items, place);
  const graphed = useMemo(
    () => new Set(graph.rows.flatMap((row) => (row.kind === "metric" ? [metricKey(row.metric)] : []))),
    [graph],
  );
  const selected = items.filter((metric) => graphed.has(metricKey(metric)));
  const { items: page, collectionProps, paginationProps } = useCollection(items, {
    sorting: columns[0] ? { defaultState: { sortingColumn: columns[0] } } : {},
    pagination: { pageSize: PAGE_SIZE },
  });
  return (
    <Table<MetricName>
      {...collectionProps}
      items={page}
      columnDefinitions={columns}
      trackBy={metricKey}
      variant="embedded"
      enableKeyboardNavigation
      selectionType="multi"
      selectedItems={selected}
      onSelectionChange={({ detail }) => change((graph) => selectedIn(graph, selected, detail.selectedItems))}
      ariaLabels={{
        selectionGroupLabel: metrics.found,
        allItemsSelectionLabel: () => app.selectAll,
        itemSelectionLabel: (_, item) => app.selectItem(titleOf(item)),
      }}
      header={<Header variant="h3" counter={`(${items.length})`}>{metrics.found}</Header>}
      filter={graph.rows.length >= MOST_ROWS && <Alert type="info">{metrics.full(MOST_ROWS)}</Alert>}
      pagination={items.length > PAGE_SIZE && <Pagination {...paginationProps} />}
      empty={
        <Box textAlign="center">
          <SpaceBetween size="xs">
            <b>{metrics.noMatch}</b>
          </SpaceBetween>
        </Box>
      }
    />
  );
}

/** Tells a metric from every other one: two may differ in nothing but the names of their dimensions. */
function titleOf({ namespace, name, dimensions }: MetricName): string {
  return [namespace, name, ...dimensions.map((pair) => pair.join(": "))].join(" ");
}

/** The graph with what was ticked, and without what was unticked. */
function selectedIn(graph: Graph, before: readonly MetricName[], after: readonly MetricName[]): Graph {
  const [had, has] = [before, after].map((metrics) => new Set(metrics.map(metricKey)));
  const fewer = before.filter((metric) => !has!.has(metricKey(metric))).reduce(withoutMetric, graph);
  return after
    .filter((metric) => !had!.has(metricKey(metric)))
    .reduce((graph, metric) => withMetric(graph, metric, usualStatistic(metric)), fewer);
}

function useColumns(items: readonly MetricName[], place: Place): TableProps.ColumnDefinition<MetricName>[] {
  const { metrics } = useMessages();
  const isMixed = place.dimensions === undefined;
  const names = isMixed ? "" : JSON.stringify(items[0]?.dimensions.map(([name]) => name) ?? []);
  return useMemo(() => {
    const words = metrics.columns;
    const column = (id: string, header: string, textOf: (metric: MetricName) => string): TableProps.ColumnDefinition<MetricName> => ({
      id,
      header,
      cell: textOf,
      sortingComparator: (left, right) => textOf(left).localeCompare(textOf(right), undefined, { numeric: true }),
    });
    const dimensions = isMixed
      ? [column("dimensions", words.dimensions, ({ dimensions }) => dimensions.map((pair) => pair.join(": ")).join(", ") || "–")]
      : (JSON.parse(names) as string[]).map((name, at) => column(`dimension-${at}`, name, (metric) => metric.dimensions[at]?.[1] ?? "–"));
    return [
      ...(isMixed && place.namespace === undefined ? [column("namespace", words.namespace, ({ namespace }) => namespace)] : []),
      ...(isMixed ? [] : dimensions),
      { ...column("name", words.name, ({ name }) => name), isRowHeader: true },
      ...(isMixed ? dimensions : []),
    ];
  }, [metrics, isMixed, names, place.namespace]);
}

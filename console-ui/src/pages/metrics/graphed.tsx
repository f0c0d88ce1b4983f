// The rows of the graph, each editable: what it is called, what it shows, by which statistic and period, on which axis.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { PERIODS } from "../../chart/period";
import { MOST_ROWS, STATISTICS, withExpression, type Graph, type Row } from "../../chart/graph";
import type { TimeRange } from "../../chart/range";
import { useMessages } from "../../i18n/language";
import { useRowColumns } from "./row-columns";
import type { GraphState } from "./use-graph";

/** Expressions to begin with. */
const MATH = {
  empty: "",
  sum: "SUM(METRICS())",
  average: "AVG(METRICS())",
  maximum: "MAX(METRICS())",
  minimum: "MIN(METRICS())",
  rate: "RATE(METRICS())",
  fill: "FILL(METRICS(), 0)",
} as const;

/** The tab. */
export function Graphed(props: {
  state: GraphState;
  range: TimeRange;
  titles: ReadonlyMap<string, string>;
  refused: Readonly<Record<string, string>>;
  onBrowse: () => void;
}) {
  const { state, range, titles, refused, onBrowse } = props;
  const { metrics } = useMessages();
  const { graph, change } = state;
  const columns = useRowColumns({ graph, change, range, titles, refused });
  return (
    <Table<Row>
      columnDefinitions={columns}
      items={graph.rows}
      trackBy="id"
      variant="embedded"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: metrics.graphed }}
      header={
        <Header variant="h3" description={metrics.graphedHelp} actions={<Actions graph={graph} change={change} />}>
          {metrics.graphed}
        </Header>
      }
      empty={
        <SpaceBetween size="xs" alignItems="center">
          <b>{metrics.emptyGraph}</b>
          <Box color="text-body-secondary">{metrics.emptyGraphHelp}</Box>
          <Button onClick={onBrowse}>{metrics.toBrowse}</Button>
        </SpaceBetween>
      }
    />
  );
}

function Actions({ graph, change }: { graph: Graph; change: GraphState["change"] }) {
  const { chart, metrics } = useMessages();
  const ofAll = (facts: { statistic: string } | { periodS: number }) =>
    change((graph) => ({ ...graph, rows: graph.rows.map((row) => (row.kind === "metric" ? { ...row, ...facts } : row)) }));
  const isEmpty = graph.rows.length === 0;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        disabled={isEmpty}
        items={STATISTICS.map((id) => ({ id, text: id }))}
        onItemClick={({ detail }) => ofAll({ statistic: detail.id })}
      >
        {metrics.statisticOfAll}
      </ButtonDropdown>
      <ButtonDropdown
        disabled={isEmpty}
        items={[{ id: "0", text: metrics.auto }, ...PERIODS.map((period) => ({ id: String(period), text: chart.period(period) }))]}
        onItemClick={({ detail }) => ofAll({ periodS: Number(detail.id) })}
      >
        {metrics.periodOfAll}
      </ButtonDropdown>
      <ButtonDropdown
        disabled={isEmpty || graph.rows.length >= MOST_ROWS}
        items={(Object.keys(MATH) as (keyof typeof MATH)[]).map((id) => ({ id, text: metrics.math[id], secondaryText: MATH[id] }))}
        onItemClick={({ detail }) => change((graph) => withExpression(graph, MATH[detail.id as keyof typeof MATH]))}
      >
        {metrics.addMath}
      </ButtonDropdown>
    </SpaceBetween>
  );
}

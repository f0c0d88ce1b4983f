// The columns of the graphed rows, with their controls.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import type { TableProps } from "@cloudscape-design/components/table";
import { duplicated, periodIn, STATISTICS, withRow, type Graph, type Row, type RowAxis } from "../../chart/graph";
import { PERIODS } from "../../chart/period";
import type { TimeRange } from "../../chart/range";
import { useMessages } from "../../i18n/language";
import { CommittedInput } from "./committed-input";
import type { GraphState } from "./use-graph";
import { colorOf } from "./use-graph-data";

const AXES: readonly RowAxis[] = ["auto", "left", "right"];

/** What the controls show and change. */
export interface RowControls {
  readonly graph: Graph;
  readonly change: GraphState["change"];
  readonly range: TimeRange;
  readonly titles: ReadonlyMap<string, string>;
  /** What the server said of expressions, by their ids. */
  readonly refused: Readonly<Record<string, string>>;
}

/** The columns. */
export function useRowColumns(controls: RowControls): TableProps.ColumnDefinition<Row>[] {
  const { app, metrics } = useMessages();
  const { graph, change, titles } = controls;
  const words = metrics.columns;
  const set = (row: Row, facts: Partial<Row>) => change((graph) => withRow(graph, row.id, (row) => ({ ...row, ...facts }) as Row));
  return [
    {
      id: "shown",
      header: words.shown,
      cell: (row) => (
        <Checkbox
          checked={!row.isHidden}
          ariaLabel={metrics.of(words.shown, row.id)}
          onChange={({ detail }) => set(row, { isHidden: !detail.checked })}
        >
          <span className="chart-swatch" style={{ background: colorOf(graph.rows.indexOf(row)) }} />
        </Checkbox>
      ),
    },
    { id: "id", header: words.id, isRowHeader: true, cell: (row) => row.id },
    {
      id: "label",
      header: words.label,
      minWidth: 150,
      cell: (row) => (
        <CommittedInput
          value={row.label}
          placeholder={titles.get(row.id) ?? metrics.labelPlaceholder}
          ariaLabel={metrics.of(words.label, row.id)}
          onCommit={(label) => set(row, { label: label.trim() })}
        />
      ),
    },
    { id: "details", header: words.details, minWidth: 200, cell: (row) => <Details row={row} {...controls} /> },
    { id: "statistic", header: words.statistic, minWidth: 140, cell: (row) => <StatisticOf row={row} {...controls} /> },
    { id: "period", header: words.period, minWidth: 140, cell: (row) => <PeriodOf row={row} {...controls} /> },
    {
      id: "axis",
      header: words.axis,
      minWidth: 110,
      cell: (row) => (
        <Select
          expandToViewport
          ariaLabel={metrics.of(words.axis, row.id)}
          selectedOption={{ value: row.axis, label: metrics.axes[row.axis] }}
          options={AXES.map((value) => ({ value, label: metrics.axes[value] }))}
          onChange={({ detail }) => set(row, { axis: detail.selectedOption.value as RowAxis })}
        />
      ),
    },
    {
      id: "actions",
      header: words.actions,
      cell: (row) => (
        <span style={{ whiteSpace: "nowrap" }}>
          <Button
            variant="icon"
            iconName="copy"
            ariaLabel={metrics.of(metrics.duplicate, row.id)}
            onClick={() => change((graph) => duplicated(graph, row.id))}
          />
          <Button
            variant="icon"
            iconName="remove"
            ariaLabel={metrics.of(app.remove, row.id)}
            onClick={() => change((graph) => ({ ...graph, rows: graph.rows.filter(({ id }) => id !== row.id) }))}
          />
        </span>
      ),
    },
  ];
}

type OfRow = RowControls & { readonly row: Row };

/** The metric in full, or the expression to edit. */
function Details({ row, change, refused }: OfRow) {
  const { metrics } = useMessages();
  if (row.kind === "metric") {
    const { namespace, name, dimensions } = row.metric;
    return [namespace, name, ...dimensions.map((pair) => pair.join(": "))].join(" • ");
  }
  return (
    <FormField errorText={refused[row.id]} stretch>
      <CommittedInput
        value={row.expression}
        placeholder={metrics.expressionPlaceholder}
        ariaLabel={metrics.of(metrics.expression, row.id)}
        isCode
        onCommit={(expression) => change((graph) => withRow(graph, row.id, (row) => ({ ...row, expression: expression.trim() }) as Row))}
      />
    </FormField>
  );
}

function StatisticOf({ row, change }: OfRow) {
  const { metrics } = useMessages();
  if (row.kind === "expression") return "–";
  const known = STATISTICS.some((known) => known === row.statistic) ? STATISTICS : [row.statistic, ...STATISTICS];
  return (
    <Select
      expandToViewport
      ariaLabel={metrics.of(metrics.columns.statistic, row.id)}
      selectedOption={{ value: row.statistic, label: row.statistic }}
      options={known.map((value) => ({ value, label: value }))}
      onChange={({ detail }) =>
        change((graph) => withRow(graph, row.id, (row) => ({ ...row, statistic: detail.selectedOption.value! }) as Row))
      }
    />
  );
}

function PeriodOf({ row, change, range }: OfRow) {
  const { chart, metrics } = useMessages();
  if (row.kind === "expression") return "–";
  const now = Date.now();
  const inForce = periodIn(range, now, row.periodS);
  const isWidened = row.periodS > 0 && inForce !== row.periodS;
  const options = [0, ...PERIODS].map((seconds) => ({
    value: String(seconds),
    label: seconds === 0 ? metrics.autoPeriod(chart.period(periodIn(range, now, 0))) : chart.period(seconds),
  }));
  return (
    <>
      <Select
        expandToViewport
        ariaLabel={metrics.of(metrics.columns.period, row.id)}
        selectedOption={options.find(({ value }) => value === String(row.periodS))!}
        options={options}
        onChange={({ detail }) =>
          change((graph) => withRow(graph, row.id, (row) => ({ ...row, periodS: Number(detail.selectedOption.value) }) as Row))
        }
      />
      {isWidened && (
        <Box variant="small" color="text-body-secondary">
          {metrics.widened(chart.period(inForce))}
        </Box>
      )}
    </>
  );
}

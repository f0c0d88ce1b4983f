// The graph, what can be done with it as a whole, and its legend.
import Box from "@cloudscape-design/components/box";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useMemo } from "react";
import { useLocation } from "react-router";
import type { ChartSeries } from "../../chart/geometry";
import { EMPTY_GRAPH, VIEWS, withRow, type View } from "../../chart/graph";
import { rowIdOf } from "../../chart/graph-series";
import { csvOf } from "../../chart/numbers";
import type { Span } from "../../chart/range";
import { ChartLegend, useLegend } from "../../components/chart-legend";
import { ChartPlot } from "../../components/chart-plot";
import { useMessages } from "../../i18n/language";
import { saveText } from "./save";
import type { GraphState } from "./use-graph";

const HEIGHT = 320;
const EMPTY_HEIGHT = 120;

/** The panel. */
export function GraphPanel(props: {
  state: GraphState;
  series: readonly ChartSeries[];
  span: Span | undefined;
  onZoom: (span: Span) => void;
}) {
  const { state, series, span, onZoom } = props;
  const { metrics } = useMessages();
  const { graph, change } = state;
  const legend = useLegend(series);
  const hidden = useMemo(() => new Set(graph.rows.filter((row) => row.isHidden).map(({ id }) => id)), [graph]);
  const shown = useMemo(() => series.filter(({ id }) => !hidden.has(rowIdOf(id))), [series, hidden]);
  const hide = (ids: ReadonlySet<string>) => {
    const changed = [...ids, ...hidden].map(rowIdOf).filter((id) => ids.has(id) !== hidden.has(id));
    change((graph) => changed.reduce((graph, id) => withRow(graph, id, (row) => ({ ...row, isHidden: !row.isHidden })), graph));
  };
  return (
    <Container header={<PanelHeader state={state} series={shown} span={span} />}>
      {graph.rows.length === 0 ? (
        <Nothing height={EMPTY_HEIGHT} title={metrics.emptyGraph} help={metrics.emptyGraphHelp} />
      ) : !span ? (
        <div className="chart-nothing" style={{ height: HEIGHT }}>
          <Spinner size="large" />
        </div>
      ) : shown.every(({ points }) => points.length === 0) ? (
        <Nothing height={HEIGHT} title={metrics.noData} help={metrics.noDataHelp} />
      ) : (
        <ChartPlot
          title={metrics.graph}
          series={shown}
          span={span}
          height={HEIGHT}
          highlighted={legend.highlighted}
          onZoom={onZoom}
        />
      )}
      {graph.rows.length > 0 && (
        <ChartLegend series={series} hidden={hiddenSeries(series, hidden)} onHide={(ids) => hide(rowsOf(ids))} onHighlight={legend.setHighlighted} />
      )}
    </Container>
  );
}

function hiddenSeries(series: readonly ChartSeries[], rows: ReadonlySet<string>): ReadonlySet<string> {
  return new Set(series.filter(({ id }) => rows.has(rowIdOf(id))).map(({ id }) => id));
}

function rowsOf(series: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...series].map(rowIdOf));
}

function Nothing({ height, title, help }: { height: number; title: string; help: string }) {
  return (
    <div className="chart-nothing" style={{ height }}>
      <Box textAlign="center">
        <b>{title}</b>
        <Box color="text-body-secondary">{help}</Box>
      </Box>
    </div>
  );
}

function PanelHeader({ state, series, span }: { state: GraphState; series: readonly ChartSeries[]; span: Span | undefined }) {
  const { app, metrics } = useMessages();
  const { graph, change } = state;
  // The address is read anew with each change of it.
  useLocation();
  const views = VIEWS.map((value) => ({ value, label: metrics.views[value] }));
  const save = () => {
    const day = new Date(span?.from ?? Date.now()).toISOString().slice(0, 10);
    saveText(`metrics-${day}.csv`, csvOf(series, metrics.time));
  };
  return (
    <Header
      variant="h2"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Select
            ariaLabel={metrics.view}
            selectedOption={views.find(({ value }) => value === graph.view)!}
            options={views}
            onChange={({ detail }) => change((graph) => ({ ...graph, view: detail.selectedOption.value as View }))}
          />
          <CopyToClipboard
            copyButtonText={metrics.share}
            copySuccessText={metrics.shared}
            copyErrorText={app.copyFailed}
            textToCopy={location.href}
          />
          <ButtonDropdown
            items={[
              { id: "save", text: metrics.download, iconName: "download", disabled: series.every(({ points }) => points.length === 0) },
              { id: "clear", text: metrics.clear, iconName: "remove", disabled: graph.rows.length === 0 },
            ]}
            onItemClick={({ detail }) => (detail.id === "save" ? save() : change(() => EMPTY_GRAPH))}
          >
            {app.actions}
          </ButtonDropdown>
        </SpaceBetween>
      }
    >
      {metrics.graph}
    </Header>
  );
}

// How the function fares: its metrics as charts, and its recent and most expensive invocations.
import Box from "@cloudscape-design/components/box";
import Grid from "@cloudscape-design/components/grid";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { invocationKeys } from "../../../api/invocations";
import { metricDataQuery, type MetricData } from "../../../api/metric-data";
import { writeGraph } from "../../../chart/graph-code";
import { choosePeriod } from "../../../chart/period";
import { lengthOf, writeRange, type TimeRange } from "../../../chart/range";
import { LinkedCursors } from "../../../components/chart-cursor";
import { ChartPanel } from "../../../components/chart-panel";
import { FailureAlert } from "../../../components/failure-alert";
import { RouteButton } from "../../../components/route-link";
import { TimeRangeControl } from "../../../components/time-range";
import { useTimeRange, type TimeRangeState } from "../../../components/use-time-range";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { InvocationTable } from "./invocation-table";
import { graphOf, hasData, MOST_POINTS, panelsOf, queriesOf, seriesOf, type Panel } from "./panels";

const MOST_INVOCATIONS = 10;
const COLUMNS = { default: 12, xxs: 6, s: 4 };

/** The tab. */
export default function Monitor() {
  const messages = useMessages();
  const { chart, functionMonitor } = messages;
  const { name, qualifier } = useFunction();
  const time = useTimeRange();
  const panels = useMemo(() => panelsOf({ name, qualifier }, messages), [name, qualifier, messages]);
  const periodS = periodOf(time.range);
  const queries = useMemo(() => queriesOf(panels, periodS), [panels, periodS]);
  const query = useQuery({ ...metricDataQuery(queries, time.range), refetchInterval: time.refetchInterval });
  const { data } = query;
  const cache = useQueryClient();
  const refresh = () => {
    void query.refetch();
    void cache.invalidateQueries({ queryKey: invocationKeys.all });
  };
  const of = qualifier === undefined ? functionMonitor.allQualifiers : `${name}:${qualifier}`;
  const whole = qualifier === undefined ? "" : functionMonitor.ofWhole;
  const testRoute = `/functions/${encodeURIComponent(name)}/test${qualifier ? `?qualifier=${encodeURIComponent(qualifier)}` : ""}`;
  const isEmpty = data !== undefined && !panels.some((panel) => hasData(panel, data));
  return (
    <SpaceBetween size="l">
      <Header
        variant="h2"
        description={functionMonitor.description(of, chart.period(periodS))}
        actions={<TimeRangeControl state={time} isBusy={query.isFetching} onRefresh={refresh} />}
      >
        {functionMonitor.title}
      </Header>
      {query.isError && <FailureAlert error={query.error} header={chart.failed} onRetry={() => void query.refetch()} />}
      {isEmpty ? <Nothing testRoute={testRoute} /> : <Charts panels={panels} data={data} time={time} periodS={periodS} />}
      <InvocationTable
        title={functionMonitor.recent}
        description={functionMonitor.recentHelp + whole}
        filter={{ function: name, order: "recent", limit: MOST_INVOCATIONS }}
        refetchInterval={time.refetchInterval}
        empty={functionMonitor.noInvocations}
        testRoute={testRoute}
      />
      <InvocationTable
        title={functionMonitor.expensive}
        description={functionMonitor.expensiveHelp + whole}
        filter={{ function: name, order: "expensive", limit: MOST_INVOCATIONS, start: data?.span.from ?? 0, end: data?.span.to ?? 0 }}
        isReady={data !== undefined}
        refetchInterval={time.refetchInterval}
        empty={functionMonitor.noInvocationsInRange}
        testRoute={testRoute}
      />
    </SpaceBetween>
  );
}

function periodOf(range: TimeRange): number {
  const lengthMs = lengthOf(range);
  return choosePeriod({ lengthMs, ageMs: range.kind === "absolute" ? Date.now() - range.from : lengthMs, mostPoints: MOST_POINTS });
}

function Nothing({ testRoute }: { testRoute: string }) {
  const { functionMonitor } = useMessages();
  return (
    <Box textAlign="center" padding="xxl">
      <SpaceBetween size="xs" alignItems="center">
        <b>{functionMonitor.empty}</b>
        <Box color="text-body-secondary">{functionMonitor.emptyHelp}</Box>
        <RouteButton to={testRoute}>{functionMonitor.toTest}</RouteButton>
      </SpaceBetween>
    </Box>
  );
}

function Charts(props: { panels: readonly Panel[]; data: MetricData | undefined; time: TimeRangeState; periodS: number }) {
  const { panels, data, time, periodS } = props;
  const shown = panels.filter((panel) => !panel.isOptional || (data && hasData(panel, data)));
  const series = useMemo(() => {
    const now = Date.now();
    return new Map(panels.map((panel) => [panel.id, seriesOf(panel, data, periodS, now)]));
  }, [panels, data, periodS]);
  const range = writeRange(time.range);
  const routeOf = (panel: Panel) => `/metrics?${new URLSearchParams({ graph: writeGraph(graphOf(panel, panels)), range })}`;
  return (
    <LinkedCursors>
      <Grid gridDefinition={shown.map(() => ({ colspan: COLUMNS }))}>
        {shown.map((panel) => (
          <ChartPanel
            key={panel.id}
            title={panel.title}
            description={panel.description}
            series={series.get(panel.id) ?? []}
            span={data?.span}
            {...(panel.limits ? { limits: panel.limits } : {})}
            to={routeOf(panel)}
            onZoom={time.zoom}
          />
        ))}
      </Grid>
    </LinkedCursors>
  );
}

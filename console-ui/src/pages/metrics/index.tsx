// All metrics: a catalog to choose from, a graph of what was chosen, its rows and its numbers. The whole graph is in the address.
import Alert from "@cloudscape-design/components/alert";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { metricKeys } from "../../api/metric-data";
import { rowIdOf } from "../../chart/graph-series";
import { Page } from "../../app/page";
import { LinkedCursors } from "../../components/chart-cursor";
import { ChartNumbers } from "../../components/chart-numbers";
import { FailureAlert } from "../../components/failure-alert";
import { TimeRangeControl } from "../../components/time-range";
import { useTimeRange } from "../../components/use-time-range";
import { useMessages } from "../../i18n/language";
import { Browse } from "./browse";
import { GraphPanel } from "./graph-panel";
import { Graphed } from "./graphed";
import { useAddress, useGraph } from "./use-graph";
import { useGraphData } from "./use-graph-data";

const PAGE_SIZE = 20;
const TABS = ["browse", "graphed", "numbers"];

/** The page. */
export default function Metrics() {
  const { chart, metrics } = useMessages();
  const time = useTimeRange();
  const state = useGraph();
  const { graph } = state;
  const { search, put } = useAddress();
  const { query, data, series, titles } = useGraphData(graph, time.range, time.refetchInterval);
  const shown = useMemo(() => {
    const hidden = new Set(graph.rows.filter((row) => row.isHidden).map(({ id }) => id));
    return series.filter(({ id }) => !hidden.has(rowIdOf(id)));
  }, [graph, series]);
  const cache = useQueryClient();
  const refresh = () => void cache.invalidateQueries({ queryKey: metricKeys.all });
  const isFetching = query.isFetching && graph.rows.length > 0;
  return (
    <Page crumbs={[{ text: metrics.title, href: "/metrics" }]}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={metrics.description}
          actions={<TimeRangeControl state={time} isBusy={isFetching} onRefresh={refresh} />}
        >
          {metrics.title}
        </Header>
        {!state.isWhole && <Alert type="warning">{metrics.partly}</Alert>}
        {query.isError && <FailureAlert error={query.error} header={chart.failed} onRetry={() => void query.refetch()} />}
        <LinkedCursors>
          <GraphPanel state={state} series={series} span={data?.span} onZoom={time.zoom} />
        </LinkedCursors>
        <Tabs
          variant="container"
          activeTabId={TABS.find((id) => id === search.get("tab")) ?? "browse"}
          onChange={({ detail }) => put({ tab: detail.activeTabId })}
          tabs={[
            { id: "browse", label: metrics.tabs.browse, content: <Browse state={state} /> },
            {
              id: "graphed",
              label: metrics.tabs.graphed(graph.rows.length),
              content: (
                <Graphed
                  state={state}
                  range={time.range}
                  titles={titles}
                  refused={data?.refused ?? {}}
                  onBrowse={() => put({ tab: "browse" })}
                />
              ),
            },
            {
              id: "numbers",
              label: metrics.tabs.numbers,
              content: <ChartNumbers title={metrics.tabs.numbers} series={shown} pageSize={PAGE_SIZE} />,
            },
          ]}
        />
      </SpaceBetween>
    </Page>
  );
}

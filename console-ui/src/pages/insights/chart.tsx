// Draws a query's statistics; loaded when there are some.
import BarChart from "@cloudscape-design/components/bar-chart";
import LineChart from "@cloudscape-design/components/line-chart";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import type { ChartData } from "../../insights/chart";

const HEIGHT = 280;
const MOST_BARS = 60;

/** The chart. */
export default function ResultChart({ chart }: { chart: ChartData }) {
  const { insights } = useMessages();
  const [kind, setKind] = useState<"line" | "bar">(chart.kind === "time" ? "line" : "bar");
  return (
    <SpaceBetween size="s">
      {chart.kind === "time" && (
        <SegmentedControl
          label={insights.chartAs}
          selectedId={kind}
          onChange={({ detail }) => setKind(detail.selectedId as "line" | "bar")}
          options={[
            { id: "line", text: insights.line },
            { id: "bar", text: insights.bar },
          ]}
        />
      )}
      {chart.kind === "time" && kind === "line" ? <Lines chart={chart} /> : <Bars chart={chart} />}
    </SpaceBetween>
  );
}

function Lines({ chart }: { chart: Extract<ChartData, { kind: "time" }> }) {
  const { insights } = useMessages();
  const format = useFormat();
  const series = chart.series.map(({ title, data }) => ({ type: "line" as const, title, data: [...data] }));
  return (
    <LineChart
      series={series}
      height={HEIGHT}
      hideFilter
      xScaleType="time"
      xTitle={insights.chartTime}
      yTitle={insights.chartValue}
      ariaLabel={insights.tabs.chart}
      xTickFormatter={(at) => format.clock(at).slice(0, 5)}
      detailPopoverSeriesContent={({ series, y }) => ({ key: series.title, value: format.number(y) })}
      i18nStrings={{ xTickFormatter: (at) => format.time(at) }}
      empty={insights.noRecords}
    />
  );
}

function Bars({ chart }: { chart: ChartData }) {
  const { insights } = useMessages();
  const format = useFormat();
  const series = chart.series.map(({ title, data }) => ({
    type: "bar" as const,
    title,
    data: data.slice(-MOST_BARS).map(({ x, y }) => ({ x: x instanceof Date ? format.clock(x).slice(0, 8) : x, y })),
  }));
  const xDomain = [...new Set(series.flatMap(({ data }) => data.map(({ x }) => x)))];
  return (
    <BarChart
      series={series}
      xDomain={xDomain}
      height={HEIGHT}
      hideFilter
      xScaleType="categorical"
      yTitle={insights.chartValue}
      ariaLabel={insights.tabs.chart}
      detailPopoverSeriesContent={({ series, y }) => ({ key: series.title, value: format.number(y) })}
      empty={insights.noRecords}
    />
  );
}

// The account's metrics: each one's sum (or peak) over the range, and how it came about.
import Box from "@cloudscape-design/components/box";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import * as tokens from "@cloudscape-design/design-tokens";
import { ACCOUNT_METRICS, type AccountMetric, type AccountNumbers } from "../../api/dashboard";
import { Sparkline } from "../../components/sparkline";
import { errorRate } from "../../dashboard/ranking";
import type { DashboardRange } from "../../dashboard/span";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

const COLOURS: Readonly<Record<AccountMetric, string>> = {
  Invocations: tokens.colorChartsPaletteCategorical1,
  Errors: tokens.colorChartsStatusHigh,
  Throttles: tokens.colorChartsPaletteCategorical5,
  ConcurrentExecutions: tokens.colorChartsPaletteCategorical3,
};

/** The charts. */
export function Charts({ numbers, range }: { numbers: AccountNumbers | undefined; range: DashboardRange }) {
  return (
    <ColumnLayout columns={4} minColumnWidth={200}>
      {ACCOUNT_METRICS.map(([metric]) => (
        <Chart key={metric} metric={metric} numbers={numbers} range={range} />
      ))}
    </ColumnLayout>
  );
}

interface ChartProps {
  readonly metric: AccountMetric;
  readonly numbers: AccountNumbers | undefined;
  readonly range: DashboardRange;
}

function Chart({ metric, numbers, range }: ChartProps) {
  const { dashboard } = useMessages();
  const format = useFormat();
  const points = numbers?.points[metric] ?? [];
  const sum = (of: AccountMetric) => numbers?.points[of].reduce((sum, { v }) => sum + v, 0);
  const peak = numbers && points.reduce((most, { v }) => Math.max(most, v), 0);
  const total = format.number(metric === "ConcurrentExecutions" ? peak : sum(metric));
  const rate = errorRate({ errors: sum("Errors") ?? 0, invocations: sum("Invocations") ?? 0 });
  const note =
    metric === "Errors" && rate !== undefined
      ? dashboard.rate(format.percent(rate))
      : metric === "ConcurrentExecutions"
        ? dashboard.peak
        : dashboard.ranges[range];
  const name = dashboard.charts[metric];
  return (
    <Container fitHeight>
      <Box variant="awsui-key-label" tagOverride="h2" margin="n">
        {name}
      </Box>
      <Box fontSize="display-l" fontWeight="bold">
        {total}
      </Box>
      <Box color="text-body-secondary" fontSize="body-s" margin={{ bottom: "s" }}>
        {note}
      </Box>
      <Sparkline
        points={points}
        label={dashboard.chartLabel(name, total, dashboard.ranges[range])}
        barLabel={({ t, v }) => dashboard.bar(format.time(t), format.number(v))}
        colour={COLOURS[metric]}
        track={tokens.colorBorderDividerDefault}
      />
    </Container>
  );
}

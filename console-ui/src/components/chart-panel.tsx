// A chart with its name, legend and numbers, in a frame, as one of many on a page.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Spinner from "@cloudscape-design/components/spinner";
import { useMemo, useState, type ReactNode } from "react";
import { useNavigate } from "react-router";
import type { ChartSeries, Limits } from "../chart/geometry";
import type { Span } from "../chart/range";
import { useMessages } from "../i18n/language";
import { ChartLegend, useLegend } from "./chart-legend";
import { ChartNumbers } from "./chart-numbers";
import { ChartPlot } from "./chart-plot";
import { RouteButton } from "./route-link";

/** What a panel shows. */
export interface ChartPanelProps {
  readonly title: string;
  readonly description?: ReactNode;
  readonly series: readonly ChartSeries[];
  /** Absent while nothing is known yet. */
  readonly span: Span | undefined;
  readonly limits?: { readonly left?: Limits; readonly right?: Limits };
  readonly height?: number;
  /** The route of the same graph on the Metrics page. */
  readonly to?: string;
  readonly onZoom?: (span: Span) => void;
}

/** The panel. */
export function ChartPanel({ title, description, series, span, limits, height = 180, to, onZoom }: ChartPanelProps) {
  const { chart } = useMessages();
  const navigate = useNavigate();
  const [isTable, setIsTable] = useState(false);
  const legend = useLegend(series);
  const shown = useMemo(() => series.filter(({ id }) => !legend.hidden.has(id)), [series, legend.hidden]);
  const isEmpty = series.every(({ points }) => points.length === 0);
  return (
    <Container
      fitHeight
      header={
        <div className="chart-head">
          <div>
            <Box variant="h3" padding="n">
              {title}
            </Box>
            {description && <Box color="text-body-secondary">{description}</Box>}
          </div>
          <div>
            <Button
              variant="icon"
              iconName={isTable ? "view-full" : "list-view"}
              ariaLabel={isTable ? chart.graph(title) : chart.numbers(title)}
              onClick={() => setIsTable(!isTable)}
            />
            {to && <RouteButton variant="icon" iconName="expand" ariaLabel={chart.open(title)} to={to} />}
          </div>
        </div>
      }
    >
      {!span ? (
        <div className="chart-nothing" style={{ height }} role="status" aria-label={chart.loading}>
          <Spinner />
        </div>
      ) : isTable ? (
        <ChartNumbers title={title} series={series} pageSize={5} />
      ) : isEmpty ? (
        <div className="chart-nothing" style={{ height }}>
          <Box color="text-body-secondary">{chart.noData}</Box>
        </div>
      ) : (
        <ChartPlot
          title={title}
          series={shown}
          span={span}
          height={height}
          {...(limits ? { limits } : {})}
          highlighted={legend.highlighted}
          onZoom={onZoom}
          onOpen={to === undefined ? undefined : () => void navigate(to)}
        />
      )}
      {span && !isTable && series.length > 1 && (
        <ChartLegend series={series} hidden={legend.hidden} onHide={legend.setHidden} onHighlight={legend.setHighlighted} />
      )}
    </Container>
  );
}

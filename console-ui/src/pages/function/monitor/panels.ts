// The charts of a function: which metrics each shows, how they are asked for in one request, and the same as a graph of the
// Metrics page. Pure.
import {
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
  colorChartsStatusHigh,
  colorChartsStatusPositive,
} from "@cloudscape-design/design-tokens";
import type { MetricData } from "../../../api/metric-data";
import type { ChartSeries, Limits, Shape } from "../../../chart/geometry";
import type { Graph, Row } from "../../../chart/graph";
import type { MetricName, SeriesQuery } from "../../../chart/query";
import { filled, type Filling } from "../../../chart/series";
import type { Messages } from "../../../i18n/messages";
import { COLD_START_REASONS } from "../../../invocation/start";

/** Few enough points that each can be told apart in a small chart. */
export const MOST_POINTS = 360;

const COLORS = [
  colorChartsPaletteCategorical1,
  colorChartsPaletteCategorical2,
  colorChartsPaletteCategorical3,
  colorChartsPaletteCategorical4,
  colorChartsPaletteCategorical5,
  colorChartsPaletteCategorical6,
  colorChartsPaletteCategorical7,
  colorChartsPaletteCategorical8,
];

/** Whose metrics. */
export interface Target {
  readonly name: string;
  /** A version or alias; absent for all of the function. */
  readonly qualifier: string | undefined;
}

/** A series of a chart. */
export interface Curve {
  readonly id: string;
  readonly label: string;
  readonly color: string;
  readonly unit: string;
  readonly shape: Shape;
  readonly axis: "left" | "right";
  readonly filling: Filling;
  /** Of a metric, or the expression that makes it out of other curves. */
  readonly source: { readonly metric: MetricName; readonly statistic: string } | { readonly expression: string };
  /** Ids of curves that its expression names. */
  readonly needs?: readonly string[];
}

/** A chart. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly curves: readonly Curve[];
  readonly limits?: { readonly left?: Limits; readonly right?: Limits };
  /** Shown only where there are data: most functions have no asynchronous calls. */
  readonly isOptional?: boolean;
}

type Words = Pick<Messages, "functionMonitor" | "starts">;

/** The metric of a function, or of a version or alias of it. */
export function metricOf({ name, qualifier }: Target, metric: string, reason?: string): MetricName {
  const dimensions: [string, string][] = [["FunctionName", name]];
  if (reason !== undefined) dimensions.push(["Reason", reason]);
  else if (qualifier !== undefined) dimensions.push(["Resource", `${name}:${qualifier}`]);
  return { namespace: "AWS/Lambda", name: metric, dimensions };
}

/** The charts, in their order on the page. */
export function panelsOf(target: Target, messages: Words): Panel[] {
  const words = messages.functionMonitor;
  const curve = (id: string, metric: string, statistic: string, label: string, facts: Partial<Curve> = {}): Curve => ({
    id,
    label,
    color: COLORS[0]!,
    unit: "Count",
    shape: "line",
    axis: "left",
    filling: "zero",
    source: { metric: metricOf(target, metric), statistic },
    ...facts,
  });
  const times = (id: string, metric: string, statistics: readonly string[]) =>
    statistics.map((statistic, at) =>
      curve(`${id}${statistic}`, metric, statistic, words.statistics[statistic as keyof typeof words.statistics] ?? statistic, {
        unit: "Milliseconds",
        filling: "gap",
        color: COLORS[at]!,
      }),
    );
  const titles = words.panels;
  return [
    { id: "invocations", title: titles.invocations, curves: [curve("invocations", "Invocations", "Sum", "Invocations")] },
    { id: "duration", title: titles.duration, curves: times("duration", "Duration", ["Minimum", "Average", "p50", "p99", "Maximum"]) },
    errorsPanel(curve, words),
    { id: "throttles", title: titles.throttles, curves: [curve("throttles", "Throttles", "Sum", "Throttles", { color: COLORS[1]! })] },
    {
      id: "concurrency",
      title: titles.concurrency,
      curves: [curve("concurrency", "ConcurrentExecutions", "Maximum", "ConcurrentExecutions")],
    },
    coldStartsPanel(target, curve, messages),
    { id: "init", title: titles.init, curves: times("init", "InitDuration", ["Average", "p99", "Maximum"]) },
    {
      id: "async",
      title: titles.async,
      isOptional: true,
      curves: [
        curve("asyncReceived", "AsyncEventsReceived", "Sum", "AsyncEventsReceived"),
        curve("asyncDropped", "AsyncEventsDropped", "Sum", "AsyncEventsDropped", { color: colorChartsStatusHigh }),
      ],
    },
    { id: "asyncAge", title: titles.asyncAge, isOptional: true, curves: times("asyncAge", "AsyncEventAge", ["Average", "Maximum"]) },
  ];
}

type MakeCurve = (id: string, metric: string, statistic: string, label: string, facts?: Partial<Curve>) => Curve;

function errorsPanel(curve: MakeCurve, words: Words["functionMonitor"]): Panel {
  return {
    id: "errors",
    title: words.panels.errors,
    limits: { right: { least: 0, most: 100 } },
    curves: [
      curve("errors", "Errors", "Sum", "Errors", { color: colorChartsStatusHigh }),
      curve("success", "", "", words.successRate, {
        unit: "Percent",
        axis: "right",
        filling: "gap",
        color: colorChartsStatusPositive,
        source: { expression: "100 - 100 * errors / MAX([errors, invocations])" },
        needs: ["errors", "invocations"],
      }),
    ],
  };
}

function coldStartsPanel(target: Target, curve: MakeCurve, { functionMonitor: words, starts }: Words): Panel {
  const bar = { shape: "bar", filling: "gap" } as const;
  // hearth counts reasons by function only.
  if (target.qualifier !== undefined) {
    const curves = [curve("coldStarts", "ColdStarts", "Sum", "ColdStarts", bar)];
    return { id: "coldStarts", title: words.panels.coldStarts, description: words.coldStartsOfQualifier, curves };
  }
  const curves = COLD_START_REASONS.map((reason, at) =>
    curve(`coldStarts${at}`, "ColdStarts", "Sum", starts.reasons[reason], {
      ...bar,
      color: COLORS[at]!,
      source: { metric: metricOf(target, "ColdStarts", reason), statistic: "Sum" },
    }),
  );
  return { id: "coldStarts", title: words.panels.coldStartsByReason, curves };
}

/** All that the charts need, as one request. */
export function queriesOf(panels: readonly Panel[], periodS: number): SeriesQuery[] {
  return panels.flatMap(({ curves }) => curves.map(({ id, source }) => ({ id, periodS, ...source })));
}

/** A chart's series, of the answers to `queriesOf`. */
export function seriesOf(panel: Panel, data: MetricData | undefined, periodS: number, now: number): ChartSeries[] {
  return panel.curves.map(({ id, label, color, unit, axis, shape, filling }) => {
    const points = data?.answers.find((answer) => answer.id === id)?.points ?? [];
    const drawn = data && filling === "zero" ? filled(points, data.span, periodS, now) : points;
    return { id, label, color, unit, axis, shape, periodS, points: drawn };
  });
}

/** True when any of the chart's metrics has data. */
export function hasData(panel: Panel, data: MetricData): boolean {
  return panel.curves.some(({ id }) => (data.answers.find((answer) => answer.id === id)?.points.length ?? 0) > 0);
}

/** The same chart as a graph of the Metrics page; what an expression needs comes along, hidden where the chart does not show it. */
export function graphOf(panel: Panel, all: readonly Panel[]): Graph {
  const own = new Set(panel.curves.map(({ id }) => id));
  const needed = new Set(panel.curves.flatMap(({ needs = [] }) => needs).filter((id) => !own.has(id)));
  const others = all.flatMap(({ curves }) => curves).filter(({ id }) => needed.has(id));
  const rows = [...panel.curves, ...others].map((curve): Row => {
    const facts = { id: curve.id, axis: curve.axis === "right" ? ("right" as const) : ("auto" as const), isHidden: !own.has(curve.id) };
    const { source } = curve;
    return "expression" in source
      ? { kind: "expression", ...facts, label: curve.label, expression: source.expression }
      : { kind: "metric", ...facts, label: "", metric: source.metric, statistic: source.statistic, periodS: 0 };
  });
  return { view: panel.curves.some(({ shape }) => shape === "bar") ? "bars" : "lines", rows };
}

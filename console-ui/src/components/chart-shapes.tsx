// The still parts of a chart: grid, axes, and the series themselves.
import { memo } from "react";
import { timeTicks } from "../chart/axis";
import {
  areaPath,
  barsPath,
  dotsOf,
  linePath,
  xOf,
  yOf,
  type ChartSeries,
  type Ground,
  type Side,
} from "../chart/geometry";
import type { Span } from "../chart/range";
import type { Layer } from "../chart/series";
import { writeTick } from "../chart/tick";
import { writeValue } from "../chart/unit";
import { useFormat } from "../i18n/format";
import { useLanguage } from "../i18n/language";

const TICK_WIDTH = 60;

/** What a chart draws on. */
export interface Stage {
  readonly span: Span;
  readonly ground: Ground;
  readonly left: Side | undefined;
  readonly right: Side | undefined;
}

/** Lines of the grid, and what they stand for. */
export const Grid = memo(function Grid({ stage: { span, ground, left, right } }: { stage: Stage }) {
  const format = useFormat();
  const language = useLanguage();
  const { times, stepMs } = timeTicks(span.from, span.to, Math.max(2, Math.floor(ground.width / TICK_WIDTH)));
  const [start, end, bottom] = [ground.left, ground.left + ground.width, ground.top + ground.height];
  const main = left ?? right;
  return (
    <>
      {main?.axis.ticks.map((tick) => {
        const y = yOf(tick, main.axis, ground);
        return <line key={tick} className="grid" x1={start} x2={end} y1={y} y2={y} />;
      })}
      {left?.axis.ticks.map((tick) => (
        <text key={tick} x={start - 6} y={yOf(tick, left.axis, ground) + 4} textAnchor="end">
          {writeValue(tick, left.unit, format)}
        </text>
      ))}
      {right?.axis.ticks.map((tick) => (
        <text key={tick} x={end + 6} y={yOf(tick, right.axis, ground) + 4}>
          {writeValue(tick, right.unit, format)}
        </text>
      ))}
      {times.map((time) => {
        const x = xOf(time, span, ground);
        return (
          <text key={time} x={x} y={bottom + 18} textAnchor={x > end - 18 ? "end" : x < 18 ? "start" : "middle"}>
            {writeTick(time, stepMs, language)}
          </text>
        );
      })}
    </>
  );
});

/** The series; all but the highlighted one are dimmed. */
export const Shapes = memo(function Shapes(props: {
  stage: Stage;
  series: readonly ChartSeries[];
  layers: ReadonlyMap<string, readonly Layer[]>;
  highlighted: string | undefined;
}) {
  const { stage, series, layers, highlighted } = props;
  return series.map((one) => {
    const side = one.axis === "left" ? stage.left : stage.right;
    if (!side) return null;
    const isDim = highlighted !== undefined && highlighted !== one.id;
    return (
      <g key={one.id} className={isDim ? "dim" : undefined}>
        <Drawn series={one} layers={layers.get(one.id) ?? []} side={side} stage={stage} />
      </g>
    );
  });
});

function Drawn(props: { series: ChartSeries; layers: readonly Layer[]; side: Side; stage: Stage }) {
  const { series, layers, side, stage } = props;
  const { span, ground } = stage;
  const { color, periodS, points, shape } = series;
  if (shape === "bar") return <path d={barsPath(layers, periodS, span, side.axis, ground)} style={{ fill: color }} />;
  if (shape === "area") {
    return <path className="area" d={areaPath(layers, periodS, span, side.axis, ground)} style={{ fill: color, stroke: color }} />;
  }
  return (
    <>
      <path className="line" d={linePath(points, periodS, span, side.axis, ground)} style={{ stroke: color }} />
      {dotsOf(points, periodS).map(({ t, v }) => (
        <circle key={t} r={3.5} cx={xOf(t, span, ground)} cy={yOf(v, side.axis, ground)} style={{ fill: color }} />
      ))}
    </>
  );
}

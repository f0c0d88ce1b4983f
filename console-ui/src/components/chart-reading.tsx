// The moving parts of a chart: the cursor, and what the series read there. Shown in every chart of the page at once.
import LiveRegion from "@cloudscape-design/components/live-region";
import { useLayoutEffect, useRef } from "react";
import { readingsAt } from "../chart/cursor";
import { xOf, yOf, type ChartSeries } from "../chart/geometry";
import type { Layer } from "../chart/series";
import { writeTime } from "../chart/tick";
import { writeValue } from "../chart/unit";
import { useFormat } from "../i18n/format";
import { useLanguage, useMessages } from "../i18n/language";
import { useCursorTime, type Cursor } from "./chart-cursor";
import type { Stage } from "./chart-shapes";

const MOST_READINGS = 9;
/** Between the cursor and its box, pixels. */
const APART = 8;

interface ReadingProps {
  readonly cursor: Cursor;
  readonly stage: Stage;
  readonly series: readonly ChartSeries[];
}

/** The cursor's line, and a dot on each series; within the chart's SVG. */
export function CursorLine({ cursor, stage, series, layers }: ReadingProps & { layers: ReadonlyMap<string, readonly Layer[]> }) {
  const t = useCursorTime(cursor);
  const { span, ground } = stage;
  if (t === undefined || t < span.from || t > span.to) return null;
  const x = xOf(t, span, ground);
  return (
    <>
      <line className="cursor" x1={x} x2={x} y1={ground.top} y2={ground.top + ground.height} />
      {readingsAt(series, t, Infinity).readings.map(({ series: one, value }) => {
        const side = one.axis === "left" ? stage.left : stage.right;
        if (!side || one.shape === "bar") return null;
        const top = layers.get(one.id)?.find((layer) => layer.t === t)?.top ?? value;
        return <circle key={one.id} r={3.5} cx={x} cy={yOf(top, side.axis, ground)} style={{ fill: one.color }} />;
      })}
    </>
  );
}

/** What the series read at the cursor, in a box beside it. `isSpoken`: to be read out as well. */
export function ReadingBox({ cursor, stage, series, isSpoken }: ReadingProps & { isSpoken: boolean }) {
  const { chart } = useMessages();
  const format = useFormat();
  const language = useLanguage();
  const t = useCursorTime(cursor);
  const { span, ground } = stage;
  const box = useRef<HTMLDivElement>(null);
  const x = t === undefined ? 0 : xOf(t, span, ground);
  useLayoutEffect(() => {
    const { current } = box;
    const frame = current?.parentElement;
    if (current && frame) current.style.insetInlineStart = `${besideCursor(x, current.offsetWidth, frame.clientWidth)}px`;
  });
  if (t === undefined || t < span.from || t > span.to) return null;
  const { readings, left } = readingsAt(series, t, MOST_READINGS);
  const time = writeTime(t, series[0]?.periodS ?? 60, language);
  return (
    <>
      <div ref={box} className="chart-reading" aria-hidden>
        <div>{time}</div>
        {readings.map(({ series: one, value }) => (
          <div className="entry" key={one.id}>
            <span className="chart-swatch" style={{ background: one.color }} />
            <span className="name">{one.label}</span>
            <span className="value">{writeValue(value, one.unit, format)}</span>
          </div>
        ))}
        {readings.length === 0 && <div>{chart.noValue}</div>}
        {left > 0 && <div>{chart.more(left)}</div>}
      </div>
      {isSpoken && (
        <LiveRegion hidden>
          {time}:{" "}
          {readings.map(({ series: one, value }) => `${one.label} ${writeValue(value, one.unit, format)}`).join(", ") ||
            chart.noValue}
        </LiveRegion>
      )}
    </>
  );
}

/** Behind the cursor, else before it, else at the chart's edge. */
function besideCursor(x: number, width: number, room: number): number {
  if (x + APART + width <= room) return x + APART;
  return x - APART - width >= 0 ? x - APART - width : Math.max(0, room - width);
}

// A chart of series over time, drawn as SVG. Cloudscape's charts were no choice: their cursor cannot be moved from outside, so the
// charts of a page could not show the same time, and they draw lines through gaps.
//
// Pointing shows the time in all charts of the page (`LinkedCursors`); dragging chooses a time; keys move the cursor.
import {
  colorBackgroundContainerContent,
  colorBorderItemFocused,
  colorBorderPopover,
  colorChartsLineGrid,
  colorChartsLineTick,
  colorTextBodySecondary,
} from "@cloudscape-design/design-tokens";
import { useLayoutEffect, useMemo, useRef, useState, type CSSProperties, type KeyboardEvent, type PointerEvent } from "react";
import { moved, nearest, timesOf } from "../chart/cursor";
import { layersOf, sideOf, timeAt, xOf, type ChartSeries, type Limits, type Side } from "../chart/geometry";
import type { Span } from "../chart/range";
import { writeValue } from "../chart/unit";
import { useFormat, type Format } from "../i18n/format";
import { useMessages } from "../i18n/language";
import { useCursor } from "./chart-cursor";
import { CursorLine, ReadingBox } from "./chart-reading";
import { Grid, Shapes, type Stage } from "./chart-shapes";
import "./chart.css";

/** Shorter drags are clicks, pixels. */
const LEAST_DRAG = 6;
const CHARACTER = 6.6;

/** What a chart is made of. */
export interface ChartPlotProps {
  readonly title: string;
  readonly series: readonly ChartSeries[];
  readonly span: Span;
  readonly height: number;
  readonly limits?: { readonly left?: Limits; readonly right?: Limits };
  /** The id of a series to bring out. */
  readonly highlighted?: string | undefined;
  /** A time was chosen by dragging. */
  readonly onZoom?: ((span: Span) => void) | undefined;
  /** The chart was clicked, or Enter was pressed on it. */
  readonly onOpen?: (() => void) | undefined;
}

/** Colours for chart.css. */
export const CHART_COLORS = {
  "--chart-grid": colorChartsLineGrid,
  "--chart-cursor": colorChartsLineTick,
  "--chart-text": colorTextBodySecondary,
  "--chart-focus": colorBorderItemFocused,
  "--chart-background": colorBackgroundContainerContent,
  "--chart-border": colorBorderPopover,
} as CSSProperties;

/** The chart. */
export function ChartPlot(props: ChartPlotProps) {
  const { title, series, span, height, limits, highlighted, onZoom, onOpen } = props;
  const { chart } = useMessages();
  const format = useFormat();
  const cursor = useCursor();
  const [frame, width] = useWidth();
  const [isFocused, setIsFocused] = useState(false);
  const [drag, setDrag] = useState<{ from: number; to: number }>();
  const layers = useMemo(() => layersOf(series), [series]);
  const times = useMemo(() => timesOf(series), [series]);
  const stage = useMemo<Stage>(() => {
    const ticks = Math.max(2, Math.floor(height / 45));
    const left = sideOf(series, layers, "left", ticks, limits?.left);
    const right = sideOf(series, layers, "right", ticks, limits?.right);
    const [before, after] = [roomFor(left, format), right ? roomFor(right, format) : 10];
    const ground = { left: before, top: 10, width: Math.max(20, width - before - after), height: height - 36 };
    return { span, ground, left, right };
  }, [series, layers, span, width, height, limits, format]);
  const { ground } = stage;
  const timeOf = (event: PointerEvent) => timeAt(event.clientX - frame.current!.getBoundingClientRect().left, span, ground);
  const onPointerMove = (event: PointerEvent) => {
    const time = timeOf(event);
    cursor.move(nearest(times, time) ?? time);
    if (drag) setDrag({ ...drag, to: time });
  };
  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0 || event.pointerType !== "mouse") return;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ from: timeOf(event), to: timeOf(event) });
  };
  const onPointerUp = () => {
    if (!drag) return;
    setDrag(undefined);
    const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
    if (xOf(to, span, ground) - xOf(from, span, ground) < LEAST_DRAG) onOpen?.();
    else onZoom?.({ from, to });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onOpen?.();
    else if (event.key === "Escape") cursor.move(undefined);
    else {
      const time = moved(times, cursor.at(), event.key);
      if (time === undefined) return;
      event.preventDefault();
      cursor.move(time);
    }
  };
  return (
    <div
      ref={frame}
      className={onOpen ? "chart-plot opens" : "chart-plot"}
      style={{ ...CHART_COLORS, height }}
      tabIndex={0}
      role="application"
      aria-roledescription={chart.role}
      aria-label={`${title}. ${chart.keys}`}
      onFocus={() => setIsFocused(true)}
      onBlur={() => {
        setIsFocused(false);
        cursor.move(undefined);
      }}
      onKeyDown={onKeyDown}
      onPointerMove={onPointerMove}
      onPointerDown={onPointerDown}
      onPointerUp={onPointerUp}
      onPointerCancel={() => setDrag(undefined)}
      onPointerLeave={() => !drag && cursor.move(undefined)}
    >
      {width > 0 && (
        <>
          <svg width={width} height={height} aria-hidden>
            <Grid stage={stage} />
            <Shapes stage={stage} series={series} layers={layers} highlighted={highlighted} />
            {drag && onZoom && (
              <rect
                className="dragged"
                x={xOf(Math.min(drag.from, drag.to), span, ground)}
                width={Math.abs(xOf(drag.to, span, ground) - xOf(drag.from, span, ground))}
                y={ground.top}
                height={ground.height}
              />
            )}
            <CursorLine cursor={cursor} stage={stage} series={series} layers={layers} />
          </svg>
          <ReadingBox cursor={cursor} stage={stage} series={series} isSpoken={isFocused} />
        </>
      )}
    </div>
  );
}

/** Room for the ticks of an axis, pixels. */
function roomFor(side: Side | undefined, format: Format): number {
  const lengths = side?.axis.ticks.map((tick) => writeValue(tick, side.unit, format).length) ?? [];
  return Math.max(10, ...lengths.map((length) => length * CHARACTER + 10));
}

function useWidth() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current!;
    setWidth(element.clientWidth);
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [frame, width] as const;
}

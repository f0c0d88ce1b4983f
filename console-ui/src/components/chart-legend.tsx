// The series of a chart by name: pointing at one brings it out, clicking hides it.
import { useState, type CSSProperties } from "react";
import type { ChartSeries } from "../chart/geometry";
import { useMessages } from "../i18n/language";
import { CHART_COLORS } from "./chart-plot";

/** The legend. */
export function ChartLegend(props: {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  onHide: (hidden: ReadonlySet<string>) => void;
  onHighlight: (id: string | undefined) => void;
}) {
  const { series, hidden, onHide, onHighlight } = props;
  const { chart } = useMessages();
  const toggle = (id: string) => onHide(hidden.has(id) ? new Set([...hidden].filter((other) => other !== id)) : new Set([...hidden, id]));
  return (
    <ul className="chart-legend" aria-label={chart.legend} style={CHART_COLORS}>
      {series.map(({ id, label, color }) => (
        <li key={id}>
          <button
            type="button"
            aria-pressed={!hidden.has(id)}
            title={hidden.has(id) ? chart.show(label) : chart.hide(label)}
            onClick={() => toggle(id)}
            onPointerEnter={() => onHighlight(id)}
            onPointerLeave={() => onHighlight(undefined)}
          >
            <span className="chart-swatch" style={{ background: color } as CSSProperties} />
            <span>{label}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Which series are hidden, and which is brought out: a chart's state. */
export function useLegend(series: readonly ChartSeries[]) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [highlighted, setHighlighted] = useState<string>();
  const isThere = series.some(({ id }) => id === highlighted);
  return { hidden, setHidden, highlighted: isThere ? highlighted : undefined, setHighlighted };
}

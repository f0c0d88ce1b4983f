// A small chart without axes: how a number came about over time. The number itself stands beside it.
import type { Point } from "../chart/series";

/** What it draws. */
export interface SparklineProps {
  readonly points: readonly Point[];
  /** Says in words what it shows. */
  readonly label: string;
  /** What is said of a bar on hover. */
  readonly barLabel: (point: Point) => string;
  /** CSS. */
  readonly colour: string;
  readonly track: string;
}

const HEIGHT = 48;
const BAR = 10;
const GAP = 2;
const LEAST = 1.5;

/** A bar for each point; all along the bottom a hairline, so that nothing is seen to be nothing. */
export function Sparkline({ points, label, barLabel, colour, track }: SparklineProps) {
  const most = points.reduce((most, { v }) => Math.max(most, v), 0);
  const width = Math.max(1, points.length * BAR);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${HEIGHT}`}
      preserveAspectRatio="none"
      style={{ display: "block", inlineSize: "100%", blockSize: HEIGHT }}
    >
      <rect x={0} y={HEIGHT - 1} width={width} height={1} fill={track} />
      {points.map((point, index) => {
        const height = most > 0 && point.v > 0 ? Math.max(LEAST, (point.v / most) * HEIGHT) : 0;
        return (
          <g key={point.t}>
            <rect x={index * BAR + GAP / 2} y={HEIGHT - height} width={BAR - GAP} height={height} fill={colour} />
            <rect x={index * BAR} y={0} width={BAR} height={HEIGHT} fill="transparent">
              <title>{barLabel(point)}</title>
            </rect>
          </g>
        );
      })}
    </svg>
  );
}

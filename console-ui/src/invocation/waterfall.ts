// The phases of a run as bars on one scale. Pure.
import type { Phase } from "../api/invocation";

/** A bar; offsets are fractions of the whole. */
export interface Bar extends Phase {
  readonly offset: number;
  readonly width: number;
}

/** The bars of a run, and the whole's length in milliseconds. */
export function waterfall(phases: readonly Phase[]): { readonly bars: readonly Bar[]; readonly totalMs: number } {
  const totalMs = Math.max(0, ...phases.map(({ startMs, durationMs }) => startMs + durationMs));
  const fraction = (ms: number) => (totalMs > 0 ? Math.min(1, Math.max(0, ms / totalMs)) : 0);
  const bars = phases.map((phase) => ({ ...phase, offset: fraction(phase.startMs), width: fraction(phase.durationMs) }));
  return { bars, totalMs };
}

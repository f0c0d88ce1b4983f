// How this page writes spans of time and ids. Pure.
import type { Format } from "../../i18n/format";

/** Spans from here on are written in tenths of their unit: minutes, hours. */
const UNITS_MS = [3_600_000, 60_000];

/** A span of time, no finer than a second: the page is refreshed every two. */
export function spent(format: Format, ms: number | undefined): string {
  if (ms === undefined) return format.duration(ms);
  const unit = UNITS_MS.find((unit) => ms >= unit);
  const step = unit === undefined ? 1_000 : unit / 10;
  return format.duration(Math.max(1, Math.round(ms / step)) * step);
}

/** An id, short enough for a row, long enough to tell apart. */
export function shortened(id: string): string {
  return id.length > 12 ? id.slice(0, 8) : id;
}

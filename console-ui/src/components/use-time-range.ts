// The time range and the automatic refresh of a page, kept in its address: `?range=3h&refresh=60`.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { readRange, writeRange, type PRESETS, type Span, type TimeRange } from "../chart/range";

/** Seconds between refreshes; 0 is never. */
export const REFRESHES = [0, 10, 60, 300] as const;
export type Refresh = (typeof REFRESHES)[number];

/** What the page shows, and how to change it. */
export interface TimeRangeState {
  readonly range: TimeRange;
  readonly refreshS: Refresh;
  readonly setRange: (range: TimeRange) => void;
  readonly setRefresh: (seconds: Refresh) => void;
  /** Shows a part of the time, as chosen by dragging on a chart. The browser's Back leads out again. */
  readonly zoom: (span: Span) => void;
  /** For react-query: it pauses while the page is hidden. */
  readonly refetchInterval: number | false;
}

const LEAST_ZOOM_MS = 60_000;

/** The page's range; `fallback` where the address has none. */
export function useTimeRange(fallback: (typeof PRESETS)[number] = "3h"): TimeRangeState {
  const [search, setSearch] = useSearchParams();
  const text = search.get("range");
  const range = useMemo(() => readRange(text, fallback), [text, fallback]);
  const asked = Number(search.get("refresh"));
  const refreshS = REFRESHES.find((known) => known === asked) ?? 0;
  const put = useCallback(
    (name: string, value: string, replace: boolean) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          next.set(name, value);
          return next;
        },
        { replace, preventScrollReset: true },
      ),
    [setSearch],
  );
  const setRange = useCallback((range: TimeRange) => put("range", writeRange(range), false), [put]);
  const zoom = useCallback(
    ({ from, to }: Span) => {
      const short = Math.max(0, LEAST_ZOOM_MS - (to - from)) / 2;
      setRange({ kind: "absolute", from: Math.round(from - short), to: Math.round(to + short) });
    },
    [setRange],
  );
  return {
    range,
    refreshS,
    setRange,
    setRefresh: (seconds) => put("refresh", String(seconds), true),
    zoom,
    refetchInterval: refreshS > 0 ? refreshS * 1_000 : false,
  };
}

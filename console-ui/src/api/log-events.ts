// Log events of a group (FilterLogEvents), page by page: a query whose data grows by each ask, so that following the logs is
// asking again. Bounded.
import { FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { queryOptions } from "@tanstack/react-query";
import { filteredLine, merged, type LogLine } from "../log/line";
import type { Bounds } from "../log/range";
import { logs } from "./logs";

/** As many lines as a page holds; older ones make room when newer ones are followed. */
export const MOST_LINES = 50_000;
/** Asks that one step makes when pages come back empty. */
const MOST_EMPTY_PAGES = 25;
/** How far back a following ask looks again, for lines that were taken in late. */
const OVERLAP_MS = 10_000;

/** What is searched. */
export interface EventSearch {
  readonly group: string;
  /** Only these streams; all when absent. */
  readonly streams?: readonly string[];
  /** Only streams whose name starts so. */
  readonly prefix?: string;
  readonly pattern: string;
}

/** What was loaded so far. */
export interface Loaded {
  readonly lines: readonly LogLine[];
  readonly bounds: Bounds;
  /** Where to go on, while the range is not read to its end. */
  readonly next?: string;
}

/** Keys of the cache. */
export const logEventKeys = {
  of: (group: string) => ["log-events", group] as const,
  search: (search: EventSearch, range: unknown) => ["log-events", search.group, "search", search, range] as const,
};

/**
 * The events of a search. The first ask starts at `boundsNow()`; each further one goes on: first through the rest of the range, then
 * to what is new. Reset the query to start over. `range` tells searches apart in the cache.
 */
export const logEventsQuery = (search: EventSearch, range: unknown, boundsNow: () => Bounds) => {
  const queryKey = logEventKeys.search(search, range);
  return queryOptions({
    queryKey,
    queryFn: ({ signal, client }) => goOn(search, client.getQueryData<Loaded>(queryKey) ?? { lines: [], bounds: boundsNow() }, signal),
    staleTime: Infinity,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
};

/** True when the range has no more lines for now. */
export function isComplete(loaded: Loaded | undefined): boolean {
  return loaded !== undefined && loaded.next === undefined;
}

/** True when no more lines may be added but by dropping old ones. */
export function isFull(loaded: Loaded | undefined): boolean {
  return (loaded?.lines.length ?? 0) >= MOST_LINES;
}

async function goOn(search: EventSearch, before: Loaded, signal: AbortSignal): Promise<Loaded> {
  const isNew = before.next === undefined;
  const last = before.lines.at(-1)?.at;
  // Lines that came late are older than the newest, so the ask begins a little before it.
  const from = isNew && last !== undefined ? Math.max(before.bounds.from ?? 0, last - OVERLAP_MS) : before.bounds.from;
  const { lines, next } = await nextPage(search, { ...before.bounds, ...(from === undefined ? {} : { from }) }, before.next, signal);
  const overlap = before.next === undefined ? (from ?? 0) : (last ?? 0);
  return { lines: merged(before.lines, lines, overlap, MOST_LINES), bounds: before.bounds, ...(next ? { next } : {}) };
}

/** One page with something on it, or the end. */
async function nextPage(search: EventSearch, bounds: Bounds, token: string | undefined, signal: AbortSignal) {
  let next = token;
  for (let asks = 0; ; asks++) {
    const page = await filterEvents(search, bounds, next, signal);
    next = page.next;
    if (page.lines.length > 0 || next === undefined || asks >= MOST_EMPTY_PAGES) return { lines: page.lines, next };
  }
}

/** One page of FilterLogEvents. */
export async function filterEvents(
  search: EventSearch,
  bounds: Bounds,
  token: string | undefined,
  signal: AbortSignal,
): Promise<{ lines: readonly LogLine[]; next?: string }> {
  const { group, streams, prefix, pattern } = search;
  const answer = await logs().send(
    new FilterLogEventsCommand({
      logGroupName: group,
      ...(streams ? { logStreamNames: [...streams] } : {}),
      ...(prefix ? { logStreamNamePrefix: prefix } : {}),
      ...(pattern ? { filterPattern: pattern } : {}),
      ...(bounds.from === undefined ? {} : { startTime: Math.floor(bounds.from) }),
      ...(bounds.to === undefined ? {} : { endTime: Math.ceil(bounds.to) }),
      ...(token ? { nextToken: token } : {}),
    }),
    { abortSignal: signal },
  );
  const lines = (answer.events ?? []).map((event) => filteredLine(event, group));
  return { lines, ...(answer.nextToken ? { next: answer.nextToken } : {}) };
}

/** The newest events of groups since `from`, at most `most`, oldest first. */
export async function eventsSince(searches: readonly EventSearch[], from: number, most: number, signal: AbortSignal): Promise<readonly LogLine[]> {
  let found: readonly LogLine[] = [];
  for (const search of searches) {
    let next: string | undefined;
    do {
      const page = await filterEvents(search, { from }, next, signal);
      found = merged(found, page.lines, Infinity, most);
      next = page.next;
    } while (next);
  }
  return found;
}

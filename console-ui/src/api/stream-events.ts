// Events of one log stream (GetLogEvents): the newest first, then older and newer ones by the stream's tokens. Bounded.
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { streamLine, type LogLine } from "../log/line";
import type { Bounds } from "../log/range";
import { MOST_LINES } from "./log-events";
import { logs } from "./logs";

const PAGE_LINES = 1_000;
/** Newer pages that one ask reads on its way to the stream's end. */
const MOST_PAGES = 10;

/** What was loaded of a stream so far. */
export interface LoadedStream {
  readonly lines: readonly LogLine[];
  readonly bounds: Bounds;
  readonly forward: string;
  readonly backward: string;
  /** True when nothing older is left in the range. */
  readonly isAtStart: boolean;
}

/** Which stream. */
export interface StreamName {
  readonly group: string;
  readonly stream: string;
}

const keyOf = ({ group, stream }: StreamName, range: unknown) => ["log-events", group, "stream", stream, range] as const;

/** The newest events of a stream; asked again, what came since. Reset the query to start over. */
export const streamEventsQuery = (name: StreamName, range: unknown, boundsNow: () => Bounds) => {
  const queryKey = keyOf(name, range);
  return queryOptions({
    queryKey,
    queryFn: async ({ signal, client }): Promise<LoadedStream> => {
      const before = client.getQueryData<LoadedStream>(queryKey);
      return before ? loadNewer(name, before, signal) : loadNewest(name, boundsNow(), signal);
    },
    staleTime: Infinity,
    structuralSharing: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
};

/** Loads the page before what is loaded. */
export function useLoadOlder(name: StreamName, range: unknown) {
  const cache = useQueryClient();
  const queryKey = keyOf(name, range);
  return useMutation({
    mutationFn: async () => {
      const before = cache.getQueryData<LoadedStream>(queryKey);
      if (!before) return;
      const page = await getEvents(name, before.bounds, before.backward, new AbortController().signal);
      cache.setQueryData<LoadedStream>(queryKey, (now) =>
        now && now.backward === before.backward
          ? { ...now, lines: [...page.lines, ...now.lines], backward: page.backward, isAtStart: isStart(page, before.backward) }
          : now,
      );
    },
  });
}

interface Page {
  readonly lines: readonly LogLine[];
  readonly forward: string;
  readonly backward: string;
}

/** AWS answers the same token where there is nothing more; a page that is not full says it too. */
const isStart = ({ backward, lines }: Page, asked?: string) => backward === asked || lines.length === 0;

async function loadNewest(name: StreamName, bounds: Bounds, signal: AbortSignal): Promise<LoadedStream> {
  const page = await getEvents(name, bounds, undefined, signal);
  return { ...page, bounds, isAtStart: page.lines.length < PAGE_LINES };
}

async function loadNewer(name: StreamName, before: LoadedStream, signal: AbortSignal): Promise<LoadedStream> {
  let { lines, forward } = before;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await getEvents(name, before.bounds, forward, signal);
    if (page.lines.length > 0) lines = [...lines, ...page.lines];
    const isEnd = page.lines.length < PAGE_LINES || page.forward === forward;
    forward = page.forward;
    if (isEnd) break;
  }
  if (lines.length <= MOST_LINES) return { ...before, lines, forward };
  // The oldest made room, and the way back to them is not known: the reader starts over to see them.
  return { ...before, lines: lines.slice(-MOST_LINES), forward, isAtStart: true };
}

async function getEvents({ group, stream }: StreamName, bounds: Bounds, token: string | undefined, signal: AbortSignal): Promise<Page> {
  const answer = await logs().send(
    new GetLogEventsCommand({
      logGroupName: group,
      logStreamName: stream,
      limit: PAGE_LINES,
      ...(bounds.from === undefined ? {} : { startTime: Math.floor(bounds.from) }),
      // The end does not belong to GetLogEvents' range.
      ...(bounds.to === undefined ? {} : { endTime: Math.ceil(bounds.to) + 1 }),
      ...(token ? { nextToken: token } : { startFromHead: false }),
    }),
    { abortSignal: signal },
  );
  const { nextForwardToken = "", nextBackwardToken = "" } = answer;
  // A page begins where its backward token points, so lines are told apart by it and their number.
  const lines = (answer.events ?? []).map((event, index) => ({ ...streamLine(event, `${nextBackwardToken} ${index}`), stream, group }));
  return { lines, forward: nextForwardToken, backward: nextBackwardToken };
}

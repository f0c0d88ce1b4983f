// The log lines of exactly one request: its streams are found by its id, and in them the lines between START and END.
import { queryOptions } from "@tanstack/react-query";
import type { LogLine } from "../log/line";
import { readLine } from "../log/reading";
import { requestLines, requestPattern } from "../log/request";
import { filterEvents, logEventKeys, MOST_LINES } from "./log-events";

/** A request whose lines are wanted. */
export interface RequestSearch {
  readonly group: string;
  readonly requestId: string;
  /** Its streams, where they are known. */
  readonly streams?: readonly string[];
  /** About when it ran; epoch milliseconds. All times when absent. */
  readonly from?: number;
  readonly to?: number;
}

const MOST_ASKS = 50;

/** Lines of a request, oldest first. */
export const requestLinesQuery = (search: RequestSearch) =>
  queryOptions({
    queryKey: [...logEventKeys.of(search.group), "request", search] as const,
    queryFn: ({ signal }) => readRequest(search, signal),
    structuralSharing: false,
  });

async function readRequest(search: RequestSearch, signal: AbortSignal): Promise<readonly LogLine[]> {
  const { group, requestId, streams } = search;
  const bounds = { ...(search.from === undefined ? {} : { from: search.from }), ...(search.to === undefined ? {} : { to: search.to }) };
  const naming = await all({ group, pattern: requestPattern(requestId), ...(streams?.length ? { streams } : {}) }, bounds, signal);
  const found: LogLine[] = [];
  for (const stream of new Set(naming.map((line) => line.stream ?? ""))) {
    const own = naming.filter((line) => line.stream === stream);
    found.push(...(await between(group, stream, requestId, own, signal)));
  }
  return found.sort((one, other) => one.at - other.at);
}

/** The lines of a stream that belong to the request, of which `own` are those that name it. */
async function between(group: string, stream: string, requestId: string, own: readonly LogLine[], signal: AbortSignal) {
  const starts = own.some(({ message }) => readLine(message).kind === "start");
  if (!starts) return own;
  const ends = own.some(({ message }) => readLine(message).kind === "end");
  const bounds = { from: own[0]!.at, ...(ends ? { to: own.at(-1)!.at } : {}) };
  return requestLines(await all({ group, streams: [stream], pattern: "" }, bounds, signal), requestId);
}

async function all(search: Parameters<typeof filterEvents>[0], bounds: Parameters<typeof filterEvents>[1], signal: AbortSignal) {
  const lines: LogLine[] = [];
  let next: string | undefined;
  for (let asks = 0; asks < MOST_ASKS; asks++) {
    const page = await filterEvents(search, bounds, next, signal);
    lines.push(...page.lines);
    next = page.next;
    if (next === undefined || lines.length >= MOST_LINES) break;
  }
  return lines;
}

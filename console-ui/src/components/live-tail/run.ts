// Keeps a tail going: the lines of the last minutes first, then the stream; connects again when the connection is lost, and fetches
// what came meanwhile.
import { isGone, isPassing } from "../../api/errors";
import { isUnanswered, tail, type TailChoice } from "../../api/live-tail";
import { eventsSince, type EventSearch } from "../../api/log-events";
import { sameness } from "../../log/line";
import { MOST_TAILED, type TailFeed } from "./feed";

/** What came while the tail was away is fetched so far back at most. */
export const LONGEST_GAP_MS = 600_000;
const LONGEST_PAUSE_MS = 8_000;
const ABSENT_PAUSE_MS = 3_000;

/** A choice, with how many of the last minutes are shown first. */
export interface TailPlan extends TailChoice {
  readonly minutes: number;
}

/** The searches that find what a choice tails. */
export function searchesOf({ groups, prefix, pattern }: TailChoice): readonly EventSearch[] {
  return groups.map((group) => ({ group, pattern, ...(prefix && groups.length === 1 ? { prefix } : {}) }));
}

/** From when on lines are wanted that the tail itself did not bring; absent when there are none. */
export function missedSince(lastAt: number | undefined, minutes: number, hasBegun: boolean, now: number): number | undefined {
  if (hasBegun) return Math.max(lastAt ?? now, now - LONGEST_GAP_MS);
  return minutes > 0 ? now - minutes * 60_000 : undefined;
}

/** Tails until `signal` aborts. Answers `poll` when the server has no tail, so that the caller must ask again and again. */
export async function runTail(plan: TailPlan, feed: TailFeed, away: Away | undefined, signal: AbortSignal): Promise<"done" | "poll"> {
  const ticking = setInterval(() => feed.tick(), 1_000);
  try {
    return await keepGoing(plan, feed, away, signal);
  } finally {
    clearInterval(ticking);
  }
}

/** Why and since when a tail was away. */
export interface Away {
  readonly why: "hidden" | "lost";
  readonly from: number;
}

async function keepGoing(plan: TailPlan, feed: TailFeed, before: Away | undefined, signal: AbortSignal): Promise<"done" | "poll"> {
  let away = before;
  feed.setStatus({ kind: "connecting" });
  for (let failures = 0; !signal.aborted; ) {
    const startedAt = Date.now();
    try {
      await once(plan, feed, away, signal);
      away = { why: "lost", from: Date.now() };
      feed.setStatus({ kind: "connecting" });
      failures = Date.now() - startedAt > LONGEST_PAUSE_MS ? 0 : failures + 1;
    } catch (error) {
      if (signal.aborted) break;
      if (isUnanswered(error)) return "poll";
      if (isGone(error)) {
        feed.setStatus({ kind: "absent" });
        await pause(ABSENT_PAUSE_MS, signal);
        continue;
      }
      if (!isPassing(error)) {
        feed.setStatus({ kind: "failed", error });
        break;
      }
      if (feed.view().status.kind === "live") failures = 0;
      away ??= { why: "lost", from: Date.now() };
      failures++;
      feed.setStatus({ kind: "reconnecting", error });
    }
    await pause(Math.min(LONGEST_PAUSE_MS, 250 * 2 ** failures), signal);
  }
  return "done";
}

async function once(plan: TailPlan, feed: TailFeed, away: Away | undefined, signal: AbortSignal): Promise<void> {
  let fetched = new Set<string>();
  for await (const event of tail(plan, signal)) {
    if (event.kind === "started") {
      fetched = await fetchMissed(plan, feed, away, signal);
      feed.setStatus({ kind: "live" });
      continue;
    }
    // What was fetched may come by the stream too, right at its start.
    const lines = fetched.size === 0 ? event.lines : event.lines.filter((line) => !fetched.delete(sameness(line)));
    feed.add(lines, { isSampled: event.isSampled });
  }
}

/** Fetches what the stream does not bring; answers what it may bring again. */
async function fetchMissed(plan: TailPlan, feed: TailFeed, away: Away | undefined, signal: AbortSignal): Promise<Set<string>> {
  const now = Date.now();
  const since = missedSince(feed.lastAt ?? away?.from, plan.minutes, away !== undefined, now);
  if (since === undefined) return new Set();
  const lines = await eventsSince(searchesOf(plan), since, MOST_TAILED, signal);
  feed.add(lines, { isRepeat: true, isOld: true });
  if (away) feed.setResumed({ ...away, to: now, isGap: now - away.from > LONGEST_GAP_MS });
  return new Set(lines.filter(({ ingestedAt = 0 }) => ingestedAt >= now - 5_000).map(sameness));
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}

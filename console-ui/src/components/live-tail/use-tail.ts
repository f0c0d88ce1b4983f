// A live tail for a page: runs while the page is seen, stops when it is hidden for long, polls where the server has no tail.
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { isGone } from "../../api/errors";
import { eventsSince } from "../../api/log-events";
import { MOST_TAILED, TailFeed, type TailView } from "./feed";
import { runTail, searchesOf, type Away, type TailPlan } from "./run";

/** How often a server without a tail is asked. */
export const POLL_MS = 2_000;
const LONG_HIDDEN_MS = 30_000;
/** How far back a poll looks again, for lines that were taken in late. */
const OVERLAP_MS = 5_000;

/** A tail, and what can be done with it. */
export interface Tail {
  readonly view: TailView;
  readonly feed: TailFeed;
}

/** Tails what `plan` says; nothing when it is absent. */
export function useTail(plan: TailPlan | undefined): Tail {
  const [feed] = useState(() => new TailFeed());
  const hiddenSince = useLongHidden();
  const [polled, setPolled] = useState<string>();
  const key = plan ? JSON.stringify(plan) : "";
  const tailed = useRef("");
  useEffect(() => {
    if (!key || hiddenSince.is) {
      feed.setStatus({ kind: key ? "hidden" : "idle" });
      return;
    }
    // What was stopped keeps its lines, also when the same is started again.
    if (tailed.current !== key) feed.reset();
    tailed.current = key;
    const stop = new AbortController();
    const away: Away | undefined = hiddenSince.last === undefined ? undefined : { why: "hidden", from: hiddenSince.last };
    void runTail(JSON.parse(key) as TailPlan, feed, away, stop.signal).then((end) => {
      if (end === "poll" && !stop.signal.aborted) setPolled(key);
    });
    return () => stop.abort();
  }, [feed, key, hiddenSince]);
  usePolling(plan, feed, polled === key && key !== "");
  return { feed, view: useSyncExternalStore(feed.subscribe, feed.view) };
}

function usePolling(plan: TailPlan | undefined, feed: TailFeed, isOn: boolean): void {
  const [startedAt] = useState(Date.now);
  useQuery({
    queryKey: ["log-poll", plan],
    enabled: isOn && plan !== undefined,
    refetchInterval: POLL_MS,
    gcTime: 0,
    staleTime: 0,
    queryFn: async ({ signal }) => {
      if (!plan) return 0;
      const first = plan.minutes > 0 ? Date.now() - plan.minutes * 60_000 : startedAt;
      const isFirst = feed.lastAt === undefined;
      const since = feed.lastAt === undefined ? first : feed.lastAt - OVERLAP_MS;
      try {
        const lines = await eventsSince(searchesOf(plan), since, MOST_TAILED, signal);
        feed.setStatus({ kind: "polling" });
        feed.add(lines, { isRepeat: true, isOld: isFirst });
        return lines.length;
      } catch (error) {
        if (!signal.aborted) feed.setStatus(isGone(error) ? { kind: "absent" } : { kind: "reconnecting", error });
        return 0;
      }
    },
  });
}

/** Whether the page has been hidden for long, and since when it last was. */
function useLongHidden(): { readonly is: boolean; readonly last: number | undefined } {
  const [hidden, setHidden] = useState<{ is: boolean; last: number | undefined }>({ is: false, last: undefined });
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (document.hidden) timer = setTimeout(() => setHidden({ is: true, last: Date.now() }), LONG_HIDDEN_MS);
      else setHidden((hidden) => (hidden.is ? { ...hidden, is: false } : hidden));
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return hidden;
}

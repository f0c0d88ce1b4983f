// The warm pool: sandboxes, the zygotes that they are forked from, and how the last ones ended.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Start } from "../invocation/start";
import { hearth } from "./hearth";

/** A process that runs one function's calls, one at a time. Times are epoch milliseconds. */
export interface Sandbox extends Start {
  readonly id: string;
  readonly function: string;
  /** The function's region. */
  readonly region?: string;
  readonly version: string;
  readonly runtime: string;
  readonly state: "starting" | "busy" | "idle";
  readonly startedAt: number;
  readonly lastUsedAt: number;
  /** Calls that it has served. */
  readonly uses: number;
  readonly memorySizeMb: number;
  /** What it uses now, as the kernel counts it; null when it cannot. */
  readonly memoryBytes: number | null;
  /** The call that it runs. */
  readonly requestId: string | null;
}

/** A Python that has started once, and from which sandboxes are forked. */
export interface Zygote {
  readonly runtime: string;
  readonly pid: number;
  readonly startedAt: number | null;
  readonly children: number;
  /** Sandboxes made ahead that are no function's yet. */
  readonly blanks: number;
  readonly memoryBytes: number | null;
}

/** A sandbox that is no more. */
export interface Ending {
  readonly at: number;
  readonly sandbox: string;
  readonly function: string;
  /** The function's region. */
  readonly region?: string;
  readonly version: string;
  /** `expired`, `evicted`, `changed`, `retired`, `crashed`, `timed-out`, `out-of-memory`, `init-failed`, `start-failed`, `shutdown`. */
  readonly reason: string;
  readonly uses: number;
  readonly ageMs: number;
}

/** `GET /hearth/sandboxes`. */
export interface Pool {
  readonly sandboxes: readonly Sandbox[];
  readonly zygotes: readonly Zygote[];
  /** The newest first; the server keeps the last 200. */
  readonly endings: readonly Ending[];
  readonly pool: {
    readonly busy: number;
    readonly idle: number;
    /** The sum of the memory limits of all sandboxes. */
    readonly memoryMib: number;
    readonly memoryBudgetMib: number;
    readonly keepAliveSeconds: number;
  };
}

/** The pool as it is now. */
export const sandboxesQuery = queryOptions({
  queryKey: ["sandboxes"],
  queryFn: ({ signal }) => hearth<Pool>("sandboxes", { signal }),
});

/** Ends a sandbox: at once when it is idle, after its call when it is busy. */
export function useRetireSandbox() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => hearth(`sandboxes/${encodeURIComponent(id)}/retire`, { method: "POST" }),
    onSettled: () => void cache.invalidateQueries({ queryKey: sandboxesQuery.queryKey }),
  });
}

// Records of invocations, which AWS has no API for: lists of them.
import { queryOptions } from "@tanstack/react-query";
import type { Start } from "../invocation/start";
import { hearth } from "./hearth";

/** How an invocation ended. */
export type InvocationStatus =
  | "succeeded"
  | "failed"
  | "init-failed"
  | "timed-out"
  | "exited"
  | "out-of-memory"
  | "response-too-large"
  | "not-run";

/** What a list tells of an invocation. Times are epoch milliseconds. */
export interface InvocationSummary extends Start {
  readonly requestId: string;
  readonly function: string;
  readonly version: string;
  readonly qualifier: string | null;
  readonly invocationType: "RequestResponse" | "Event";
  readonly startedAt: number;
  readonly endedAt: number;
  readonly status: InvocationStatus;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
  readonly durationMs: number;
  readonly billedDurationMs: number;
  readonly memorySizeMb: number;
  readonly maxMemoryUsedMb: number;
  readonly gbSeconds: number;
  readonly initDurationMs: number | null;
  readonly attempts: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/** A page of records. */
export interface InvocationPage {
  readonly invocations: readonly InvocationSummary[];
  readonly next: string | null;
}

/** Which records, in which order: the newest, or those that cost most GB-seconds, first. */
export interface InvocationFilter {
  readonly function?: string;
  readonly order?: "recent" | "expensive";
  readonly status?: "all" | "failed";
  /** Epoch milliseconds. */
  readonly start?: number;
  readonly end?: number;
  /** 1–100. */
  readonly limit?: number;
  readonly next?: string;
}

/** Keys of the cache. */
export const invocationKeys = {
  all: ["invocations"] as const,
  list: (filter: InvocationFilter) => ["invocations", "list", filter] as const,
};

/** A page of records. */
export const invocationsQuery = (filter: InvocationFilter) =>
  queryOptions({
    queryKey: invocationKeys.list(filter),
    queryFn: ({ signal }) => hearth<InvocationPage>("invocations", { query: { ...filter }, signal }),
  });

// The record of one invocation, which AWS has no API for, and its replay.
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Start } from "../invocation/start";
import { isGone } from "./errors";
import { hearth } from "./hearth";
import { invocationKeys, type InvocationStatus, type InvocationSummary } from "./invocations";
import { lambda } from "./lambda";
import type { Recording } from "./recording";

/** A measured part of a run. */
export interface Phase {
  /** `queue`, `start`, `init`, `invoke`; a server may measure others. */
  readonly name: string;
  /** Since the run was asked for. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** One try of an invocation. */
export interface Run extends Start {
  readonly attempt: number;
  readonly startedAt: number;
  readonly status: InvocationStatus;
  readonly sandbox: string | null;
  readonly phases: readonly Phase[];
  readonly durationMs: number;
  readonly maxMemoryUsedMb: number;
  readonly logStream: string;
  readonly errorType: string | null;
  readonly errorMessage: string | null;
}

/** All that is known of an invocation. */
export interface Invocation extends InvocationSummary {
  /** As it was sent; absent when it was not kept. */
  readonly event: string | null;
  readonly response: string | null;
  readonly eventBytes: number | null;
  readonly responseBytes: number | null;
  readonly error: { readonly errorType: string; readonly errorMessage: string; readonly stackTrace: readonly string[] } | null;
  readonly runs: readonly Run[];
  readonly recording: Recording;
}

/** A record comes when its invocation ends: one that is not there is asked for again, so many times. */
export const MOST_LOOKS = 8;
const LOOK_MS = 1_000;
const RETRY_MS = 5_000;
/** After that long an asynchronous invocation is no longer retried. */
const LONGEST_RETRIES_MS = 600_000;
const MOST_ATTEMPTS = 3;

/** The record of a request. */
export const invocationQuery = (requestId: string) =>
  queryOptions({
    queryKey: [...invocationKeys.all, "one", requestId],
    queryFn: ({ signal }) => hearth<Invocation>(`invocations/${encodeURIComponent(requestId)}`, { signal }),
    refetchInterval: ({ state: { data, error, errorUpdateCount } }) => {
      if (error) return isGone(error) && errorUpdateCount < MOST_LOOKS ? LOOK_MS : false;
      return data && mayBeRetried(data, Date.now()) ? RETRY_MS : false;
    },
  });

/** True when the server may try the invocation once more by itself. */
export function mayBeRetried({ invocationType, status, attempts, endedAt }: InvocationSummary, now: number): boolean {
  return invocationType === "Event" && status !== "succeeded" && attempts < MOST_ATTEMPTS && now - endedAt < LONGEST_RETRIES_MS;
}

/** Invokes again with the same event, in the same way; answers the new request's id. */
export function useReplay() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ function: name, version, qualifier, invocationType, event }: Invocation) => {
      const target = qualifier ?? (version === "$LATEST" ? undefined : version);
      const answer = await lambda().send(
        new InvokeCommand({
          FunctionName: name,
          InvocationType: invocationType,
          Payload: new TextEncoder().encode(event ?? ""),
          ...(target ? { Qualifier: target } : {}),
        }),
      );
      return answer.$metadata.requestId;
    },
    onSettled: () => cache.invalidateQueries({ queryKey: [...invocationKeys.all, "list"] }),
  });
}

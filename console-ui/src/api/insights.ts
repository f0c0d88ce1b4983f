// Logs Insights: starting, watching and stopping queries, and those that ran before.
import {
  DescribeQueriesCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  StopQueryCommand,
  type QueryStatus,
} from "@aws-sdk/client-cloudwatch-logs";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Bounds } from "../log/range";
import { isPassing } from "./errors";
import { logs } from "./logs";

/** As many groups as a query takes. */
export const MOST_QUERIED_GROUPS = 50;
const WATCH_MS = 500;
const MOST_RECORDS = 10_000;
const HISTORY = 50;

/** Keys of the cache. */
export const insightsKeys = {
  result: (id: string) => ["insights", "result", id] as const,
  history: ["insights", "history"] as const,
};

/** What is asked. */
export interface Asked {
  readonly groups: readonly string[];
  readonly query: string;
  readonly bounds: Bounds;
}

/** True while a query may still find something. */
export function isRunning(status: QueryStatus | undefined): boolean {
  return status === "Scheduled" || status === "Running";
}

/** The state and records of a query; asks again while it runs. */
export const resultQuery = (id: string) =>
  queryOptions({
    queryKey: insightsKeys.result(id),
    queryFn: ({ signal }) => logs().send(new GetQueryResultsCommand({ queryId: id }), { abortSignal: signal }),
    refetchInterval: ({ state: { data, error } }) => ((error ? isPassing(error) : isRunning(data?.status)) ? WATCH_MS : false),
    staleTime: Infinity,
    structuralSharing: false,
  });

/** The newest queries of the account. */
export const historyQuery = queryOptions({
  queryKey: insightsKeys.history,
  queryFn: async ({ signal }) => {
    const answer = await logs().send(new DescribeQueriesCommand({ maxResults: HISTORY }), { abortSignal: signal });
    return answer.queries ?? [];
  },
});

/** Starts a query; answers its id. */
export function useStartQuery() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ groups, query, bounds }: Asked) => {
      const answer = await logs().send(
        new StartQueryCommand({
          logGroupNames: [...groups],
          queryString: query,
          // In seconds; both ends belong to the range.
          startTime: Math.floor((bounds.from ?? 0) / 1_000),
          endTime: Math.ceil((bounds.to ?? Date.now()) / 1_000),
          ...(/\blimit\s+\d+/i.test(query) ? {} : { limit: MOST_RECORDS }),
        }),
      );
      return answer.queryId ?? "";
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: insightsKeys.history }),
  });
}

/** Stops a query; what it found stays. */
export function useStopQuery() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => logs().send(new StopQueryCommand({ queryId: id })),
    onSettled: (_answer, _error, id) => cache.invalidateQueries({ queryKey: insightsKeys.result(id) }),
  });
}

// Log streams of a group: queries, and their deletion.
import { DeleteLogStreamCommand, DescribeLogStreamsCommand, type LogStream } from "@aws-sdk/client-cloudwatch-logs";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { logs } from "./logs";

/** As many streams as the page loads at once; a prefix finds the others. */
export const MOST_STREAMS = 500;

/** Keys of the cache. */
export const logStreamKeys = {
  of: (group: string) => ["log-streams", group] as const,
  list: (group: string, prefix: string) => ["log-streams", group, prefix] as const,
};

/** Streams of a group, and whether there are more. */
export interface Streams {
  readonly streams: readonly LogStream[];
  readonly isMore: boolean;
}

/** The streams with the newest events, at most `MOST_STREAMS`; those whose name starts with `prefix` when one is given. */
export const logStreamsQuery = (group: string, prefix: string) =>
  queryOptions({
    queryKey: logStreamKeys.list(group, prefix),
    queryFn: async ({ signal }): Promise<Streams> => {
      const streams: LogStream[] = [];
      // AWS orders by time only without a prefix.
      const choice = prefix ? { logStreamNamePrefix: prefix } : { orderBy: "LastEventTime" as const, descending: true };
      let nextToken: string | undefined;
      do {
        const page: { logStreams?: LogStream[] | undefined; nextToken?: string | undefined } = await logs().send(
          new DescribeLogStreamsCommand({ logGroupName: group, limit: 50, ...choice, ...(nextToken ? { nextToken } : {}) }),
          { abortSignal: signal },
        );
        streams.push(...(page.logStreams ?? []));
        nextToken = page.nextToken;
      } while (nextToken && streams.length < MOST_STREAMS);
      return { streams, isMore: nextToken !== undefined };
    },
  });

/** Deletes streams of a group with their events, one after the other; stops at the first refusal. */
export function useDeleteLogStreams(group: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const name of names) await logs().send(new DeleteLogStreamCommand({ logGroupName: group, logStreamName: name }));
    },
    onSettled: () => cache.invalidateQueries({ queryKey: logStreamKeys.of(group) }),
  });
}

// Log groups: queries, and what can be done with them.
import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  paginateDescribeLogGroups,
  PutRetentionPolicyCommand,
  type LogGroup,
} from "@aws-sdk/client-cloudwatch-logs";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { logs } from "./logs";
import { session } from "./session";

/** More groups than a browser's table serves well. */
export const MOST_GROUPS = 10_000;

/** The retention periods that AWS takes, in days. */
export const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Keys of the cache. */
export const logGroupKeys = {
  all: ["log-groups"] as const,
  list: ["log-groups", "list"] as const,
};

/** All log groups of the account, at most `MOST_GROUPS`. */
export const logGroupsQuery = queryOptions({
  queryKey: logGroupKeys.list,
  queryFn: async ({ signal }) => {
    const found: LogGroup[] = [];
    for await (const page of paginateDescribeLogGroups({ client: logs(), pageSize: 50 }, {})) {
      signal.throwIfAborted();
      found.push(...(page.logGroups ?? []));
      if (found.length >= MOST_GROUPS) break;
    }
    return found;
  },
});

/** The ARN of a group of this account and region, as StartLiveTail asks for it. */
export function groupArn(name: string): string {
  const { account, region } = session();
  return `arn:aws:logs:${region}:${account}:log-group:${name}`;
}

function useGroupMutation<T>(mutationFn: (input: T) => Promise<unknown>) {
  const cache = useQueryClient();
  return useMutation({ mutationFn, onSettled: () => cache.invalidateQueries({ queryKey: logGroupKeys.all }) });
}

const setRetention = (name: string, days: number | undefined) =>
  days === undefined
    ? logs().send(new DeleteRetentionPolicyCommand({ logGroupName: name }))
    : logs().send(new PutRetentionPolicyCommand({ logGroupName: name, retentionInDays: days }));

/** Makes a group; `days` is its retention, absent for never. */
export function useCreateLogGroup() {
  return useGroupMutation(async ({ name, days }: { name: string; days: number | undefined }) => {
    await logs().send(new CreateLogGroupCommand({ logGroupName: name }));
    if (days !== undefined) await setRetention(name, days);
  });
}

/** Deletes groups with all their events, one after the other; stops at the first refusal. */
export function useDeleteLogGroups() {
  return useGroupMutation(async (names: readonly string[]) => {
    for (const name of names) await logs().send(new DeleteLogGroupCommand({ logGroupName: name }));
  });
}

/** Sets how long groups keep their events; `days` absent for never to expire. */
export function useSetRetention() {
  return useGroupMutation(async ({ names, days }: { names: readonly string[]; days: number | undefined }) => {
    for (const name of names) await setRetention(name, days);
  });
}

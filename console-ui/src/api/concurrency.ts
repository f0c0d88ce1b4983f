// Reserved concurrency of a function, and the account's limits that it is taken from.
import {
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  PutFunctionConcurrencyCommand,
} from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";

/** The account's limits and use in this region. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => lambda().send(new GetAccountSettingsCommand({}), { abortSignal: signal }),
});

const concurrencyKey = (name: string) => [...functionKeys.one(name), "concurrency"] as const;

/** What a function has reserved; `null` when nothing. */
export const concurrencyQuery = (name: string) =>
  queryOptions({
    queryKey: concurrencyKey(name),
    queryFn: async ({ signal }) => {
      const answer = await lambda().send(new GetFunctionConcurrencyCommand({ FunctionName: name }), { abortSignal: signal });
      return answer.ReservedConcurrentExecutions ?? null;
    },
  });

/** Reserves concurrency, or gives the reservation back with `null`. */
export function useReserveConcurrency(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (reserved: number | null) => {
      await (reserved === null
        ? lambda().send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }))
        : lambda().send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: reserved })));
      cache.setQueryData(concurrencyKey(name), reserved);
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: accountQuery.queryKey }),
    onSettled: () => void cache.invalidateQueries({ queryKey: functionKeys.one(name) }),
  });
}

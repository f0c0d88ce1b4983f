// Functions as the pages ask for them: queries and their keys, so that every page shares one cache.
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  paginateListFunctions,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { lambda } from "./lambda";

/** More functions than a browser's table serves well; the page says when there are more. */
export const MOST_FUNCTIONS = 10_000;

/** Keys of the cache, from the general to the particular: invalidating one invalidates what is below it. */
export const functionKeys = {
  all: ["functions"] as const,
  list: ["functions", "list"] as const,
  one: (name: string) => ["functions", "one", name] as const,
  detail: (name: string, qualifier?: string) => ["functions", "one", name, "detail", qualifier ?? "$LATEST"] as const,
};

/** All functions of the account, at most `MOST_FUNCTIONS`. */
export const functionsQuery = queryOptions({
  queryKey: functionKeys.list,
  queryFn: async ({ signal }) => {
    const found: FunctionConfiguration[] = [];
    for await (const page of paginateListFunctions({ client: lambda(), pageSize: 50 }, {})) {
      signal.throwIfAborted();
      found.push(...(page.Functions ?? []));
      if (found.length >= MOST_FUNCTIONS) break;
    }
    return found;
  },
});

const isSettling = (state?: string, update?: string) => state === "Pending" || update === "InProgress";

/** GetFunction of one; asks again each second while the function is being made or changed. */
export const functionQuery = (name: string, qualifier?: string) =>
  queryOptions({
    queryKey: functionKeys.detail(name, qualifier),
    queryFn: ({ signal }) =>
      lambda().send(
        new GetFunctionCommand({ FunctionName: name, ...(qualifier ? { Qualifier: qualifier } : {}) }),
        { abortSignal: signal },
      ),
    refetchInterval: ({ state }) => {
      const configuration = state.data?.Configuration;
      return isSettling(configuration?.State, configuration?.LastUpdateStatus) ? 1_000 : false;
    },
  });

/** Deletes functions, one after the other; stops at the first refusal. */
export function useDeleteFunctions() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (names: readonly string[]) => {
      for (const name of names) {
        await lambda().send(new DeleteFunctionCommand({ FunctionName: name }));
        cache.removeQueries({ queryKey: functionKeys.one(name) });
      }
    },
    onSettled: () => cache.invalidateQueries({ queryKey: functionKeys.list }),
  });
}

// Functions as the pages ask for them: queries and their keys, so that every page shares one cache.
import {
  DeleteFunctionCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListTagsCommand,
  paginateListFunctions,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { isGone } from "./errors";
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

/**
 * The state of a function, which ListFunctions does not tell (nor does AWS's). Asked for anew when the function has changed since
 * (`revision`), and each second while it is being made or changed.
 */
export const stateQuery = (name: string, revision: string | undefined) =>
  queryOptions({
    queryKey: [...functionKeys.one(name), "state", revision ?? ""],
    staleTime: 60_000,
    queryFn: ({ signal }) =>
      lambda().send(new GetFunctionConfigurationCommand({ FunctionName: name }), { abortSignal: signal }),
    refetchInterval: ({ state }) => (isSettling(state.data?.State, state.data?.LastUpdateStatus) ? 1_000 : false),
  });

/** What became of a deletion of several functions. */
export interface Deletion {
  readonly deleted: readonly string[];
  readonly refused: ReadonlyArray<{ readonly name: string; readonly error: unknown }>;
}

/** Deletes functions, one after the other; a refusal does not stop the others. Throws when none was deleted. */
export function useDeleteFunctions() {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async (names: readonly string[]): Promise<Deletion> => {
      const deleted: string[] = [];
      const refused: Array<Deletion["refused"][number]> = [];
      for (const name of names) {
        try {
          await lambda().send(new DeleteFunctionCommand({ FunctionName: name }));
          cache.removeQueries({ queryKey: functionKeys.one(name) });
          deleted.push(name);
        } catch (error) {
          refused.push({ name, error });
        }
      }
      if (deleted.length === 0 && refused[0]) throw refused[0].error;
      return { deleted, refused };
    },
    onSettled: () => cache.invalidateQueries({ queryKey: functionKeys.list }),
  });
}

/** More functions than the tags of which are asked for, one request each. */
export const MOST_TAGGED = 500;
const TAG_REQUESTS = 4;

/** The tags of functions, by ARN; of at most `MOST_TAGGED`. A function that is gone meanwhile has none. */
export const allTagsQuery = (arns: readonly string[]) =>
  queryOptions({
    queryKey: [...functionKeys.all, "tags", arns],
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const found = new Map<string, Readonly<Record<string, string>>>();
      const rest = arns.slice(0, MOST_TAGGED);
      const work = async () => {
        for (let arn = rest.shift(); arn !== undefined; arn = rest.shift()) {
          try {
            const answer = await lambda().send(new ListTagsCommand({ Resource: arn }), { abortSignal: signal });
            found.set(arn, answer.Tags ?? {});
          } catch (error) {
            if (!isGone(error)) throw error;
          }
        }
      };
      await Promise.all(Array.from({ length: TAG_REQUESTS }, work));
      return found;
    },
  });

// A function's versions: queries and commands.
import {
  DeleteFunctionCommand,
  paginateListVersionsByFunction,
  PublishVersionCommand,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";

/** More versions than a browser's table serves well. */
export const MOST_VERSIONS = 5_000;

/** The name of what is being edited. */
export const LATEST = "$LATEST";

const versionsKey = (name: string) => [...functionKeys.one(name), "versions"] as const;

/** All versions of a function, `$LATEST` first and then the newest, at most `MOST_VERSIONS`. */
export const versionsQuery = (name: string) =>
  queryOptions({
    queryKey: versionsKey(name),
    queryFn: async ({ signal }) => {
      const found: FunctionConfiguration[] = [];
      for await (const page of paginateListVersionsByFunction({ client: lambda(), pageSize: 50 }, { FunctionName: name })) {
        signal.throwIfAborted();
        found.push(...(page.Versions ?? []));
        if (found.length >= MOST_VERSIONS) break;
      }
      return found.sort((a, b) => versionNumber(b.Version) - versionNumber(a.Version));
    },
  });

/** The number of a version, for sorting; `$LATEST` is above all. */
export function versionNumber(version: string | undefined): number {
  return version === undefined || version === LATEST ? Infinity : Number(version);
}

/** What is published. */
export interface Publication {
  readonly description: string;
  /** What the reader takes `$LATEST` for. */
  readonly revisionId: string | undefined;
  readonly codeSha256: string | undefined;
}

/** Publishes `$LATEST`; answers the version, an old one when nothing changed since. */
export function usePublishVersion(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ description, revisionId, codeSha256 }: Publication) =>
      lambda().send(
        new PublishVersionCommand({
          FunctionName: name,
          Description: description,
          ...(revisionId ? { RevisionId: revisionId } : {}),
          ...(codeSha256 ? { CodeSha256: codeSha256 } : {}),
        }),
      ),
    onSettled: () => void cache.invalidateQueries({ queryKey: functionKeys.one(name) }),
  });
}

/** Deletes one published version. */
export function useDeleteVersion(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (version: string) => lambda().send(new DeleteFunctionCommand({ FunctionName: name, Qualifier: version })),
    onSettled: () => void cache.invalidateQueries({ queryKey: versionsKey(name) }),
  });
}

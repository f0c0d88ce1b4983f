// A function's package: fetched, deployed, and followed until the function runs it.
import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  UpdateFunctionCodeCommand,
  type FunctionConfiguration,
} from "@aws-sdk/client-lambda";
import { QueryObserver, queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { ArchiveError, readArchive } from "../package/archive";
import { contentsOf, type Contents } from "../package/workspace";
import { functionKeys, functionQuery } from "./functions";
import { hearth, HearthError } from "./hearth";
import { lambda } from "./lambda";

/** What the browser edits at most. */
export const EDITABLE = { bytes: 3 * 1024 * 1024, entries: 1_000 };

/** A package as it was fetched: its contents, or why they cannot be edited here. */
export type FetchedPackage =
  | { readonly sha256: string; readonly contents: Contents }
  | { readonly sha256: string; readonly obstacle: ArchiveError };

/** Something else was deployed since the package was opened. */
export class DeployedElsewhere extends Error {}

/** The package was taken, but the function cannot run it. */
export class DeployFailed extends Error {}

/** The package that is deployed as `sha256`; a package with another digest is another query. */
export const packageQuery = (name: string, qualifier: string | undefined, sha256: string, codeSize: number) =>
  queryOptions({
    queryKey: [...functionKeys.one(name), "package", qualifier ?? "$LATEST", sha256],
    staleTime: Infinity,
    gcTime: 60_000,
    queryFn: async ({ signal }): Promise<FetchedPackage> => {
      // A zip of this size unpacks to more.
      if (codeSize > EDITABLE.bytes) return { sha256, obstacle: new ArchiveError("too-large") };
      const { zip, found } = await fetchPackage(name, qualifier, signal);
      try {
        return { sha256: found, contents: contentsOf(readArchive(zip, EDITABLE)) };
      } catch (error) {
        if (error instanceof ArchiveError) return { sha256: found, obstacle: error };
        throw error;
      }
    },
  });

async function fetchPackage(name: string, qualifier: string | undefined, signal: AbortSignal) {
  const { path, sha256: found } = await locatePackage(name, qualifier, signal);
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new HearthError(`HTTP ${answer.status}`, await answer.text(), answer.status);
  return { zip: new Uint8Array(await answer.arrayBuffer()), found };
}

/** Where the package can be had for a while: an address of this origin, whatever name the server goes by. */
export async function locatePackage(name: string, qualifier?: string, signal?: AbortSignal) {
  const { Code, Configuration } = await lambda().send(
    new GetFunctionCommand({ FunctionName: name, ...(qualifier ? { Qualifier: qualifier } : {}) }),
    signal ? { abortSignal: signal } : {},
  );
  const { pathname, search } = new URL(Code?.Location ?? "", location.origin);
  return { path: pathname + search, sha256: Configuration?.CodeSha256 ?? "" };
}

/** The key under which deployments of a function go on, whichever page started them. */
export const deployKey = (name: string) => ["deploy", name] as const;

/** A deployment. */
export interface Deployment {
  readonly zip: Uint8Array<ArrayBuffer>;
  /** What must be deployed now; anything when absent. */
  readonly over?: string;
  /** Whether hearth brings what `requirements.txt` names. */
  readonly requirements: boolean;
}

/**
 * Deploys a package, and answers when the function runs it.
 * Fails with DeployedElsewhere when another package than `over` is there, DeployFailed when the function cannot run the new one.
 */
export function useDeploy(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationKey: deployKey(name),
    mutationFn: async (deployment: Deployment): Promise<FunctionConfiguration> => {
      const present = await lambda().send(new GetFunctionConfigurationCommand({ FunctionName: name }));
      if (deployment.over !== undefined && present.CodeSha256 !== deployment.over) throw new DeployedElsewhere();
      await send(name, deployment, present.RevisionId);
      const settled = await untilSettled(cache, name);
      if (settled.LastUpdateStatus === "Failed") throw new DeployFailed(settled.LastUpdateStatusReason);
      return settled;
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: functionKeys.all }),
  });
}

async function send(name: string, { zip, over, requirements }: Deployment, revision: string | undefined): Promise<void> {
  if (requirements) {
    const path = `functions/${encodeURIComponent(name)}`;
    await hearth<unknown>(path, { method: "PUT", body: zip, query: { requirements: "true" } });
    return;
  }
  await lambda()
    .send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile: zip, ...(over && revision ? { RevisionId: revision } : {}) }))
    .catch((error: unknown) => {
      throw (error as Error).name === "PreconditionFailedException" ? new DeployedElsewhere() : error;
    });
}

/** The function's configuration once its last change is through; the query asks again by itself until then. */
async function untilSettled(cache: QueryClient, name: string): Promise<FunctionConfiguration> {
  await cache.invalidateQueries({ queryKey: functionKeys.detail(name) });
  return new Promise((resolve, reject) => {
    const observer = new QueryObserver(cache, functionQuery(name));
    const leave = observer.subscribe(({ data, error, isFetching }) => {
      const configuration = data?.Configuration;
      const isSettled = configuration && configuration.LastUpdateStatus !== "InProgress" && configuration.State !== "Pending";
      if (isFetching || !(isSettled || error)) return;
      leave();
      if (error) reject(error);
      else if (configuration) resolve(configuration);
    });
    void observer.refetch();
  });
}

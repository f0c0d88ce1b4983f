// The function templates that the server embeds.
import { queryOptions } from "@tanstack/react-query";
import { hearth } from "./hearth";

/** A blueprint without its code. */
export interface Blueprint {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** The runtime that it was written for; every later Python runs it too. */
  readonly runtime: string;
  readonly handler: string;
  /** Whether its `requirements.txt` must be installed. */
  readonly requirements: boolean;
  /** What it is about, in short words. */
  readonly tags: readonly string[];
  /** Settings other than Lambda's defaults. */
  readonly configuration?: {
    readonly timeoutSeconds?: number;
    readonly memoryMib?: number;
    readonly environment?: Readonly<Record<string, string>>;
  };
}

/** A blueprint with its code: text by path. */
export interface BlueprintDetail extends Blueprint {
  readonly files: Readonly<Record<string, string>>;
}

/** Every blueprint. They come with the server's binary, and so do not change while it runs. */
export const blueprintsQuery = queryOptions({
  queryKey: ["blueprints"],
  staleTime: Infinity,
  queryFn: async ({ signal }) => (await hearth<{ blueprints: Blueprint[] }>("blueprints", { signal })).blueprints,
});

/** One with its code. */
export const blueprintQuery = (id: string) =>
  queryOptions({
    queryKey: ["blueprints", id],
    staleTime: Infinity,
    queryFn: ({ signal }) => hearth<BlueprintDetail>(`blueprints/${encodeURIComponent(id)}`, { signal }),
  });

// What the server says about its own health: the runtimes that it found, and what is warm.
import { queryOptions } from "@tanstack/react-query";
import { hearth } from "./hearth";

/** A Python that runs functions. */
export interface FoundRuntime {
  /** Such as `python3.13`. */
  readonly name: string;
  /** Such as `3.13.0`. */
  readonly version: string;
  readonly executable: string;
}

/** `GET /hearth/health`. */
export interface Health {
  readonly status: string;
  readonly version: string;
  readonly runtimes: readonly FoundRuntime[];
}

/** The server's health. Runtimes are looked for when the server starts, so they stay as they are for a while. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => hearth<Health>("health", { signal }),
  staleTime: 30_000,
});

// The host that the server runs on: what `hearth doctor` prints, as the running server has it.
import { queryOptions } from "@tanstack/react-query";
import { hearth } from "./hearth";

/** A runtime that functions may ask for. */
export interface HostRuntime {
  /** Such as `python3.13`. */
  readonly name: string;
  readonly found: boolean;
  readonly version: string | null;
  readonly executable: string | null;
  /** What may be done to get it, commands in backticks. */
  readonly howToAdd: string | null;
}

/** A way in which functions are confined. */
export interface Restriction {
  readonly name: string;
  readonly inForce: boolean;
  /** How it is done, or what is missing and how to get it. */
  readonly detail: string;
}

/** `GET /hearth/host`. */
export interface Host {
  readonly version: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly kernel: string;
  readonly architecture?: string;
  readonly memoryMib: number;
  readonly cpus: number;
  readonly dataFolder: string | null;
  readonly storage: { readonly totalBytes: number; readonly freeBytes: number } | null;
  readonly runtimes: readonly HostRuntime[];
  readonly isolation: readonly Restriction[];
  /** By name, such as `keepAliveSeconds`; the name ends in the unit. */
  readonly limits: Readonly<Record<string, number>>;
}

/** The host's facts. */
export const hostQuery = queryOptions({
  queryKey: ["host"],
  queryFn: ({ signal }) => hearth<Host>("host", { signal }),
});

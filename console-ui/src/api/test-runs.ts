// Runs functions as tests; the bench of each function holds what came of it, whichever page is open when it comes.
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { BenchStore, ended, started, type Bench } from "../testing/bench";
import { outcomeOf, type InvocationType, type Outcome } from "../testing/outcome";
import { failureOf } from "./errors";
import { lambda } from "./lambda";
import { session } from "./session";
import { testEventKeys } from "./test-events";

const store = new BenchStore(sessionStorage);
const waiting = new Map<string, AbortController>();
const keyOf = (name: string) => `hearth.bench.${session().account}.${session().region}.${name}`;

/** What is run. */
export interface RunRequest {
  readonly eventName: string;
  readonly event: string;
  readonly type: InvocationType;
  readonly qualifier: string | undefined;
}

/** A function's bench, and how to change it. */
export function useBench(name: string): [Bench, (change: (bench: Bench) => Bench) => void] {
  const key = keyOf(name);
  const bench = useSyncExternalStore(store.subscribe, () => store.get(key));
  const update = useCallback((change: (bench: Bench) => Bench) => store.update(key, change), [key]);
  return [bench, update];
}

/** Runs tests of a function; `stop` stops waiting for one, which goes on at the server. */
export function useTestRunner(name: string): { run: (request: RunRequest) => void; stop: (id: string) => void } {
  const cache = useQueryClient();
  return useMemo(
    () => ({
      run: (request) => void runTest(cache, name, request),
      stop: (id) => waiting.get(id)?.abort(),
    }),
    [cache, name],
  );
}

async function runTest(cache: QueryClient, name: string, request: RunRequest): Promise<void> {
  const id = crypto.randomUUID();
  const patience = new AbortController();
  waiting.set(id, patience);
  store.update(keyOf(name), (bench) => started(bench, { id, ...request, startedAt: Date.now() }));
  const outcome = await invoke(name, request, patience.signal);
  waiting.delete(id);
  store.update(keyOf(name), (bench) => ended(bench, id, outcome, Date.now()));
  await refreshAfterRun(cache);
}

async function invoke(name: string, request: RunRequest, signal: AbortSignal): Promise<Outcome> {
  const { type, event, qualifier } = request;
  try {
    const answer = await lambda().send(
      new InvokeCommand({
        FunctionName: name,
        InvocationType: type,
        Payload: new TextEncoder().encode(event),
        ...(type === "RequestResponse" ? { LogType: "Tail" } : {}),
        ...(qualifier ? { Qualifier: qualifier } : {}),
      }),
      { abortSignal: signal },
    );
    return outcomeOf(type, answer);
  } catch (error) {
    if (signal.aborted) return { status: "stopped" };
    const requestId = (error as { $metadata?: { requestId?: string } }).$metadata?.requestId;
    return { status: "refused", failure: failureOf(error), ...(requestId ? { requestId } : {}) };
  }
}

/** A run changes logs, metrics, records and sandboxes, but neither functions nor events. */
function refreshAfterRun(cache: QueryClient): Promise<void> {
  const untouched = new Set<unknown>(["functions", testEventKeys.saved("")[0], testEventKeys.templates[0]]);
  return cache.invalidateQueries({ predicate: ({ queryKey }) => !untouched.has(queryKey[0]) });
}

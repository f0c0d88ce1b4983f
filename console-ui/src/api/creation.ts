// Creates a function, step by step: its role, its package, until it runs, and the packages that it asks for.
import { CreateFunctionCommand, GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { requestOf, roleNameOf, type Draft } from "../creation/draft";
import { isPassing } from "./errors";
import { functionKeys } from "./functions";
import { hearth } from "./hearth";
import { lambda } from "./lambda";
import { createBasicRole } from "./roles";
import { uploadingLambda } from "./upload";

/** What is done, in this order. */
export const STEPS = ["role", "upload", "activate", "install"] as const;

/** A step of a creation. */
export type Step = (typeof STEPS)[number];

/** The step being done, and how much of it (0–1) where that is known. */
export interface Progress {
  readonly step: Step;
  readonly share?: number;
}

/** What is to be created. */
export interface Order {
  readonly draft: Draft;
  readonly zip: Uint8Array<ArrayBuffer>;
}

/** How it ended once the function was there. */
export type Ending =
  | { readonly kind: "active" }
  /** The function stays, Failed. */
  | { readonly kind: "failed"; readonly reason: string }
  /** The function runs, without the packages of its `requirements.txt`. */
  | { readonly kind: "not-installed"; readonly error: unknown }
  /** The function is there, and it could not be seen whether it runs. */
  | { readonly kind: "unsettled"; readonly error: unknown };

/** A step failed, and no function was created. */
export class CreationError extends Error {
  constructor(
    readonly step: Step,
    override readonly cause: unknown,
  ) {
    super(String(cause));
  }
}

const LONGEST_WAIT_MS = 300_000;
const SHORTEST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 1_500;

/** Creates functions; given up when the page is left. */
export function useCreation() {
  const cache = useQueryClient();
  const [progress, setProgress] = useState<Progress>();
  const control = useRef<AbortController>(undefined);
  // A role that was made for a function which then was refused serves its next try.
  const made = useRef<{ readonly name: string; readonly arn: string }>(undefined);
  useEffect(() => () => control.current?.abort(), []);

  const roleOf = async ({ roleKind, role, name }: Draft, signal: AbortSignal) => {
    if (roleKind !== "new") return role.trim();
    if (made.current?.name !== name) {
      const suffix = crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36).padStart(7, "0");
      made.current = { name, arn: await createBasicRole(roleNameOf(name.trim(), suffix), signal) };
    }
    return made.current.arn;
  };
  const create = async ({ draft, zip }: Order): Promise<Ending> => {
    control.current = new AbortController();
    const { signal } = control.current;
    const at = async <T>(step: Step, work: () => Promise<T>) => {
      setProgress({ step });
      try {
        return await work();
      } catch (error) {
        throw new CreationError(step, error);
      }
    };
    const name = draft.name.trim();
    const role = await at("role", () => roleOf(draft, signal));
    await at("upload", () =>
      uploadingLambda((share) => setProgress({ step: "upload", share })).send(
        new CreateFunctionCommand(requestOf(draft, role, zip)),
        { abortSignal: signal },
      ),
    );
    // The list is asked for anew when it is next opened; until then the name stays free for this form.
    void cache.invalidateQueries({ queryKey: functionKeys.list, refetchType: "none" });
    setProgress({ step: "activate" });
    const state = await settled(name, signal);
    if (state.kind !== "active" || !draft.requirements) return state;
    setProgress({ step: "install" });
    return install(name, zip, signal);
  };
  const creation = useMutation({ mutationFn: create, onSettled: () => setProgress(undefined) });
  return { ...creation, progress };
}

/** Deploys the package once more, with what its `requirements.txt` names. */
async function install(name: string, zip: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<Ending> {
  try {
    const query = { requirements: "true" };
    await hearth(`functions/${encodeURIComponent(name)}`, { method: "PUT", body: zip, query, signal });
    return { kind: "active" };
  } catch (error) {
    return { kind: "not-installed", error };
  }
}

/** Asks until the function is no longer Pending; outlasts a server that is away for a while. */
async function settled(name: string, signal: AbortSignal): Promise<Ending> {
  const end = Date.now() + LONGEST_WAIT_MS;
  for (let pause = SHORTEST_PAUSE_MS; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 1.5)) {
    signal.throwIfAborted();
    try {
      const command = new GetFunctionConfigurationCommand({ FunctionName: name });
      const { State, StateReason = "" } = await lambda().send(command, { abortSignal: signal });
      if (State !== "Pending") return State === "Active" ? { kind: "active" } : { kind: "failed", reason: StateReason };
      if (Date.now() > end) return { kind: "unsettled", error: new Error(StateReason) };
    } catch (error) {
      if (!isPassing(error) || Date.now() > end) return { kind: "unsettled", error };
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

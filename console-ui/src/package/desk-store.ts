// The desks of this page load: edits outlive the Code tab, so that one may look at logs or test in between.
import { useCallback, useSyncExternalStore } from "react";
import type { Desk } from "./desk";
import { isUnsaved } from "./workspace";

const desks = new Map<string, Desk>();
const listeners = new Set<() => void>();

/** Desks without edits that are kept; those with edits are never dropped. */
const MOST_IDLE = 5;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The desk of a function (or of one of its versions), and how to put another in its place. */
export function useKeptDesk(key: string): [Desk | undefined, (desk: Desk | undefined) => void] {
  const desk = useSyncExternalStore(subscribe, () => desks.get(key));
  const keep = useCallback((next: Desk | undefined) => keepDesk(key, next), [key]);
  return [desk, keep];
}

/** The desk as it is now. */
export function keptDesk(key: string): Desk | undefined {
  return desks.get(key);
}

/** Puts a desk in the place of another; none drops it. */
export function keepDesk(key: string, desk: Desk | undefined): void {
  desks.delete(key);
  if (desk) desks.set(key, desk);
  const idle = [...desks].filter(([other, { workspace }]) => other !== key && !isUnsaved(workspace));
  idle.slice(0, Math.max(0, idle.length - MOST_IDLE)).forEach(([other]) => desks.delete(other));
  listeners.forEach((listener) => listener());
}

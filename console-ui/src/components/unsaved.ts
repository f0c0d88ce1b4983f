// Asks before typed text is lost: on leaving the page by a link, and on closing or reloading the tab.
import { useEffect, useRef } from "react";
import { useBlocker, type Location } from "react-router";
import { useMessages } from "../i18n/language";

type Stays = (pathname: string) => boolean;

/** Whether a step leaves guarded work. */
type Leaves = (from: Location, to: Location) => boolean;

/** The guards in force: the router has room for one blocker only, several parts of a page may guard their work. */
const guards = new Set<{ readonly leaves: Leaves }>();

/**
 * Guards `isUnsaved` work. `stays` says which addresses still show it (another tab of the same function);
 * by default only the same path does. `parameters` names those of the address whose change leaves the work too.
 */
export function useUnsavedGuard(isUnsaved: boolean, stays?: Stays, parameters: readonly string[] = []): void {
  const latest = useRef({ stays, parameters });
  useEffect(() => {
    latest.current = { stays, parameters };
  });
  useEffect(() => {
    if (!isUnsaved) return;
    const guard = { leaves: (from: Location, to: Location) => leaves(from, to, latest.current.stays, latest.current.parameters) };
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    guards.add(guard);
    window.addEventListener("beforeunload", ask);
    return () => {
      guards.delete(guard);
      window.removeEventListener("beforeunload", ask);
    };
  }, [isUnsaved]);
}

function leaves(from: Location, to: Location, stays: Stays | undefined, parameters: readonly string[]): boolean {
  if (from.pathname !== to.pathname) return !stays?.(to.pathname);
  const [before, after] = [new URLSearchParams(from.search), new URLSearchParams(to.search)];
  return parameters.some((parameter) => before.get(parameter) !== after.get(parameter));
}

/** Asks for all guards; the frame has it once. */
export function UnsavedBlocker() {
  const { app } = useMessages();
  const blocker = useBlocker(({ currentLocation, nextLocation }) =>
    [...guards].some((guard) => guard.leaves(currentLocation, nextLocation)),
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(app.unsaved)) blocker.proceed();
    else blocker.reset();
  }, [blocker, app.unsaved]);
  return null;
}

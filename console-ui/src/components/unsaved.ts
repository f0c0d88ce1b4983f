// Asks before typed text is lost: on leaving the page by a link, and on closing or reloading the tab.
import { useEffect, useRef } from "react";
import { useBlocker } from "react-router";
import { useMessages } from "../i18n/language";

type Stays = (pathname: string) => boolean;

/** The guards in force: the router has room for one blocker only, several parts of a page may guard their work. */
const guards = new Set<{ readonly stays: Stays }>();

/**
 * Guards `isUnsaved` work. `stays` says which addresses still show it (another tab of the same function);
 * by default only the same path does.
 */
export function useUnsavedGuard(isUnsaved: boolean, stays?: Stays): void {
  const latest = useRef(stays);
  useEffect(() => {
    latest.current = stays;
  });
  useEffect(() => {
    if (!isUnsaved) return;
    const guard = { stays: (pathname: string) => latest.current?.(pathname) ?? false };
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    guards.add(guard);
    window.addEventListener("beforeunload", ask);
    return () => {
      guards.delete(guard);
      window.removeEventListener("beforeunload", ask);
    };
  }, [isUnsaved]);
}

/** Asks for all guards; the frame has it once. */
export function UnsavedBlocker() {
  const { app } = useMessages();
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      currentLocation.pathname !== nextLocation.pathname && [...guards].some(({ stays }) => !stays(nextLocation.pathname)),
  );
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(app.unsaved)) blocker.proceed();
    else blocker.reset();
  }, [blocker, app.unsaved]);
  return null;
}

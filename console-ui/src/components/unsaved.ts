// Asks before typed text is lost: on leaving the page by a link, and on closing or reloading the tab.
import { useEffect } from "react";
import { useBlocker } from "react-router";
import { useMessages } from "../i18n/language";

/**
 * Guards `isUnsaved` work. `stays` says which addresses still show it (another tab of the same function);
 * by default only the same path does. `parameters` names those of the address whose change leaves the work too.
 */
export function useUnsavedGuard(
  isUnsaved: boolean,
  stays?: (pathname: string) => boolean,
  parameters: readonly string[] = [],
): void {
  const { app } = useMessages();
  const blocker = useBlocker(({ currentLocation, nextLocation }) => {
    if (!isUnsaved) return false;
    if (currentLocation.pathname !== nextLocation.pathname) return !stays?.(nextLocation.pathname);
    const [from, to] = [new URLSearchParams(currentLocation.search), new URLSearchParams(nextLocation.search)];
    return parameters.some((parameter) => from.get(parameter) !== to.get(parameter));
  });
  useEffect(() => {
    if (blocker.state !== "blocked") return;
    if (window.confirm(app.unsaved)) blocker.proceed();
    else blocker.reset();
  }, [blocker, app.unsaved]);
  useEffect(() => {
    if (!isUnsaved) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isUnsaved]);
}

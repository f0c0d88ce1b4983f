// Asks before edits of the code are lost; they stay while one looks at another tab of the function.
import { useUnsavedGuard } from "../../components/unsaved";
import { keptDesk, useKeptDesk } from "../../package/desk-store";
import { isUnsaved } from "../../package/workspace";

/** The guard of a function's page. */
export function UnsavedCode({ name }: { name: string }) {
  const [desk] = useKeptDesk(name);
  const base = `/functions/${encodeURIComponent(name)}`;
  // Looked up anew: a function that was just deleted took its edits along.
  const isKept = () => {
    const workspace = keptDesk(name)?.workspace;
    return workspace !== undefined && isUnsaved(workspace);
  };
  useUnsavedGuard(desk !== undefined && isUnsaved(desk.workspace), (pathname) => pathname === base || pathname.startsWith(`${base}/`) || !isKept());
  return null;
}

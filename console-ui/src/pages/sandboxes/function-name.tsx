// The function that a sandbox runs, as a link where this console can open it.
import { session } from "../../api/session";
import { RouteLink } from "../../components/route-link";
import { useMessages } from "../../i18n/language";

/** The name; functions of other regions are told apart and cannot be opened from here. */
export function FunctionName({ name, region }: { name: string; region: string | undefined }) {
  const { sandboxes } = useMessages();
  if (region !== undefined && region !== session().region) return sandboxes.inRegion(name, region);
  return <RouteLink to={`/functions/${encodeURIComponent(name)}`}>{name}</RouteLink>;
}

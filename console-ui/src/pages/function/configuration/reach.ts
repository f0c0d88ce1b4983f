// What a function reaches, which is not what was asked for where the host does not offer it. Pure.
import type { NetworkMode, NetworkSetting } from "../../../api/network";

/** What its sandboxes are on: the network of a mode, or none at all, for the server refuses to start them. */
export type Reach = NetworkMode | "refused";

/** What a function reaches by its setting: only `outbound` falls back to the host's network. */
export function reachOf({ mode, offered }: NetworkSetting): Reach {
  if (offered.includes(mode)) return mode;
  return mode === "outbound" ? "host" : "refused";
}

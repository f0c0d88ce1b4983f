// What a function's sandboxes reach on the network; where AWS has subnets and security groups, hearth has three modes.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { hearth } from "./hearth";

/** The modes, the usual one first. */
export const NETWORK_MODES = ["outbound", "none", "host"] as const;

/** The internet, nothing, or whatever the host reaches. */
export type NetworkMode = (typeof NETWORK_MODES)[number];

/** A function's network setting, and what there is to choose from. */
export interface NetworkSetting {
  readonly mode: NetworkMode;
  /** What this host can give; `mode` may be another, which was set by default or while the host gave more. */
  readonly offered: readonly NetworkMode[];
}

const path = (name: string) => `functions/${encodeURIComponent(name)}/network`;

/** A function's network setting. */
export const networkQuery = (name: string) =>
  queryOptions({
    queryKey: [...functionKeys.one(name), "network"],
    queryFn: ({ signal }) => hearth<NetworkSetting>(path(name), { signal }),
  });

/** Changes the mode of all versions: idle sandboxes end at once, busy ones after their call. */
export function useChangeNetwork(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (mode: NetworkMode) => hearth<NetworkSetting>(path(name), { method: "PUT", body: { mode } }),
    onSuccess: (setting) => cache.setQueryData(networkQuery(name).queryKey, setting),
  });
}

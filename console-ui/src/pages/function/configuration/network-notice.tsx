// What a reader must know of a network: that it is the host's, or not what was asked for, and what the host cannot give.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { hostQuery } from "../../../api/host";
import { NETWORK_MODES, type NetworkSetting } from "../../../api/network";
import { RouteLink } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import { reachOf } from "./reach";

/** The warning that a setting calls for, and why the host offers less than all; nothing where all is well. */
export function NetworkNotice({ setting }: { setting: NetworkSetting }) {
  const isWhole = NETWORK_MODES.every((mode) => setting.offered.includes(mode));
  if (isWhole && reachOf(setting) !== "host") return null;
  return (
    <SpaceBetween size="s">
      <ReachWarning setting={setting} />
      {!isWhole && <WhyNotOffered />}
    </SpaceBetween>
  );
}

function ReachWarning({ setting }: { setting: NetworkSetting }) {
  const { network } = useMessages().functionConfiguration;
  const reach = reachOf(setting);
  if (reach === setting.mode) return reach === "host" ? <Alert type="warning">{network.hostWarning}</Alert> : null;
  return (
    <Alert type="warning" header={network.notOfferedTitle(network.modes[setting.mode])}>
      <Box>{reach === "host" ? network.onHost : network.refused}</Box>
      {reach === "host" && <Box>{network.hostWarning}</Box>}
    </Alert>
  );
}

function WhyNotOffered() {
  const { network } = useMessages().functionConfiguration;
  const { data } = useQuery(hostQuery);
  const restriction = data?.isolation.find(({ name }) => name === "network-namespace");
  return (
    <div>
      {restriction && !restriction.inForce && (
        <Box color="text-body-secondary">{network.why(restriction.detail)}</Box>
      )}
      <RouteLink to="/host">{network.toHost}</RouteLink>
    </div>
  );
}

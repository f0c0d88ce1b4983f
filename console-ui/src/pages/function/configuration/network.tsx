// The network: what the function reaches, and whether the host gives what was asked for.
import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { networkQuery, type NetworkSetting } from "../../../api/network";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { NetworkForm } from "./network-form";
import { NetworkNotice } from "./network-notice";
import { EditButton, Loaded, SectionView, useIsReadOnly } from "./section";

/** The section. */
export function Network() {
  const { network, sections } = useMessages().functionConfiguration;
  const { name } = useFunction();
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  const query = useQuery(networkQuery(name));
  if (isEditing && !isReadOnly && query.data) return <NetworkForm stored={query.data} />;
  return (
    <SectionView title={sections.network} description={network.description} actions={query.data && <EditButton />}>
      <Loaded query={query} failed={network.failed}>
        {(setting) => <NetworkView setting={setting} />}
      </Loaded>
    </SectionView>
  );
}

function NetworkView({ setting }: { setting: NetworkSetting }) {
  const { network } = useMessages().functionConfiguration;
  return (
    <SpaceBetween size="m">
      <NetworkNotice setting={setting} />
      <KeyValuePairs
        items={[
          {
            label: network.mode,
            value: (
              <>
                {network.modes[setting.mode]}
                <Box color="text-body-secondary">{network.modeHelp[setting.mode]}</Box>
              </>
            ),
          },
        ]}
      />
    </SpaceBetween>
  );
}

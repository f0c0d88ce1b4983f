// The form of the network: the modes, of which those that the host does not offer cannot be chosen.
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { NETWORK_MODES, useChangeNetwork, type NetworkSetting } from "../../../api/network";
import { useNotices } from "../../../app/notices";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { NetworkNotice } from "./network-notice";
import { SectionForm } from "./section";

/** The form. */
export function NetworkForm({ stored }: { stored: NetworkSetting }) {
  const { functionConfiguration } = useMessages();
  const { network, sections, saved } = functionConfiguration;
  const { name } = useFunction();
  const notices = useNotices();
  const change = useChangeNetwork(name);
  const [opened] = useState(stored.mode);
  const [mode, setMode] = useState(stored.mode);
  const [isTried, setIsTried] = useState(false);
  const isOffered = stored.offered.includes(mode);
  const save = () => {
    setIsTried(true);
    if (isOffered) change.mutate(mode, { onSuccess: () => notices.success(saved(sections.network, name)) });
  };
  return (
    <SectionForm
      title={sections.network}
      description={network.description}
      isDirty={mode !== opened}
      saving={change}
      onSave={save}
    >
      <SpaceBetween size="m">
        <FormField
          label={network.mode}
          stretch
          errorText={isTried && !isOffered ? network.chooseOffered : ""}
          constraintText={network.takesEffect}
        >
          <Tiles
            columns={1}
            value={mode}
            onChange={({ detail }) => setMode(NETWORK_MODES.find((one) => one === detail.value) ?? mode)}
            items={NETWORK_MODES.map((value) => ({
              value,
              label: network.modes[value],
              disabled: !stored.offered.includes(value),
              description: <ModeHelp setting={{ mode: value, offered: stored.offered }} />,
            }))}
          />
        </FormField>
        <NetworkNotice setting={{ mode, offered: stored.offered }} />
      </SpaceBetween>
    </SectionForm>
  );
}

/** What a mode means, and why it cannot be chosen. */
function ModeHelp({ setting }: { setting: NetworkSetting }) {
  const { network } = useMessages().functionConfiguration;
  return (
    <>
      {network.modeHelp[setting.mode]}
      {!setting.offered.includes(setting.mode) && <Box fontWeight="bold">{network.notOffered}</Box>}
    </>
  );
}

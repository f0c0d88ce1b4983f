// Invocation recording: what hearth keeps of each call, and which values it never writes.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Token from "@cloudscape-design/components/token";
import { useQuery } from "@tanstack/react-query";
import { recordingQuery, type Recording as Setting } from "../../../api/recording";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { RecordingForm } from "./recording-form";
import { EditButton, Loaded, SectionView, useIsReadOnly } from "./section";

/** The section. */
export function Recording() {
  const { recording, sections } = useMessages().functionConfiguration;
  const { name } = useFunction();
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  const query = useQuery(recordingQuery(name));
  if (isEditing && !isReadOnly && query.data) return <RecordingForm stored={query.data} />;
  return (
    <SectionView title={sections.recording} description={recording.description} actions={query.data && <EditButton />}>
      <Loaded query={query} failed={recording.failed}>
        {(setting) => <RecordingView setting={setting} />}
      </Loaded>
    </SectionView>
  );
}

function RecordingView({ setting }: { setting: Setting }) {
  const { recording } = useMessages().functionConfiguration;
  const help = (text: string) => <Box color="text-body-secondary">{text}</Box>;
  return (
    <SpaceBetween size="l">
      <KeyValuePairs
        columns={3}
        items={[
          { label: recording.always, value: help(recording.alwaysHelp) },
          {
            label: recording.events,
            value: (
              <>
                <StatusIndicator type={setting.keepEvents ? "success" : "stopped"}>
                  {setting.keepEvents ? recording.keepOn : recording.keepOff}
                </StatusIndicator>
                {help(recording.eventsHelp)}
              </>
            ),
          },
          { label: recording.howLong, value: help(recording.howLongHelp) },
        ]}
      />
      {setting.keepEvents && <Alert type="info">{recording.warning}</Alert>}
      <div>
        <Box variant="awsui-key-label">{recording.redact}</Box>
        <SpaceBetween size="xs">
          {help(recording.redactHelp)}
          {setting.redactKeys.length === 0 ? (
            <Box>{recording.redactNone}</Box>
          ) : (
            <SpaceBetween direction="horizontal" size="xs">
              {setting.redactKeys.map((key) => (
                <Token key={key} variant="inline" label={key} />
              ))}
            </SpaceBetween>
          )}
        </SpaceBetween>
      </div>
    </SpaceBetween>
  );
}

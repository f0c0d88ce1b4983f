// The form of invocation recording.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Toggle from "@cloudscape-design/components/toggle";
import TokenGroup from "@cloudscape-design/components/token-group";
import { useState } from "react";
import { useChangeRecording, type Recording } from "../../../api/recording";
import { useNotices } from "../../../app/notices";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { redactProblem, withKey } from "./redact-keys";
import { SectionForm } from "./section";

/** The form. */
export function RecordingForm({ stored }: { stored: Recording }) {
  const { functionConfiguration } = useMessages();
  const { recording, sections, saved } = functionConfiguration;
  const { name } = useFunction();
  const notices = useNotices();
  const change = useChangeRecording(name);
  const [opened] = useState(stored);
  const [keepEvents, setKeepEvents] = useState(stored.keepEvents);
  const [redactKeys, setRedactKeys] = useState(stored.redactKeys);
  const [typed, setTyped] = useState("");
  const isDirty =
    keepEvents !== opened.keepEvents || typed.trim() !== "" || redactKeys.join("\n") !== opened.redactKeys.join("\n");
  const save = () => {
    // What stands in the field counts, though it was not added.
    if (redactProblem(redactKeys, typed)) return;
    const recording = { keepEvents, redactKeys: withKey(redactKeys, typed) };
    change.mutate(recording, { onSuccess: () => notices.success(saved(sections.recording, name)) });
  };
  return (
    <SectionForm
      title={sections.recording}
      description={recording.description}
      isDirty={isDirty}
      saving={change}
      onSave={save}
    >
      <SpaceBetween size="l">
        <Toggle checked={keepEvents} description={recording.keepHelp} onChange={({ detail }) => setKeepEvents(detail.checked)}>
          {recording.keep}
        </Toggle>
        {keepEvents && <Alert type="info">{recording.warning}</Alert>}
        <Keys keys={redactKeys} typed={typed} onKeys={setRedactKeys} onTyped={setTyped} />
      </SpaceBetween>
    </SectionForm>
  );
}

function Keys(props: {
  keys: readonly string[];
  typed: string;
  onKeys: (keys: readonly string[]) => void;
  onTyped: (typed: string) => void;
}) {
  const { recording } = useMessages().functionConfiguration;
  const { keys, typed } = props;
  const problem = redactProblem(keys, typed);
  const add = () => {
    if (problem) return;
    props.onKeys(withKey(keys, typed));
    props.onTyped("");
  };
  return (
    <SpaceBetween size="xs">
      <FormField
        label={recording.redact}
        description={recording.redactHelp}
        errorText={problem ? recording[problem] : ""}
        secondaryControl={
          <Button formAction="none" disabled={typed.trim() === ""} onClick={add}>
            {recording.redactAdd}
          </Button>
        }
      >
        <Input
          value={typed}
          spellcheck={false}
          placeholder={recording.redactPlaceholder}
          onChange={({ detail }) => props.onTyped(detail.value)}
          onKeyDown={(event) => {
            if (event.detail.key !== "Enter" || event.detail.isComposing) return;
            event.preventDefault();
            add();
          }}
        />
      </FormField>
      {keys.length === 0 && <Box>{recording.redactNone}</Box>}
      <TokenGroup
        items={keys.map((label) => ({ label, dismissLabel: recording.redactRemove(label) }))}
        onDismiss={({ detail }) => props.onKeys(keys.filter((_, index) => index !== detail.itemIndex))}
      />
    </SpaceBetween>
  );
}

// Logging: format, levels, and where the logs go.
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { RouteLink } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import {
  APPLICATION_LEVELS,
  FORMATS,
  isLogGroup,
  logDifferences,
  logDraftOf,
  loggingOf,
  SYSTEM_LEVELS,
  type LogDraft,
} from "./log-draft";
import { useSettingsSaving } from "./saving";
import { ConflictAlert, EditButton, SectionForm, SectionView, useIsReadOnly } from "./section";

/** The section. */
export function Logging() {
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  return isEditing && !isReadOnly ? <LoggingForm /> : <LoggingView />;
}

function LoggingView() {
  const { logging, sections } = useMessages().functionConfiguration;
  const { detail } = useFunction();
  const draft = logDraftOf(detail.Configuration?.LoggingConfig);
  const isJson = draft.format === "JSON";
  return (
    <SectionView title={sections.logging} description={logging.description} actions={<EditButton />}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: logging.format, value: logging.formats[draft.format] },
          {
            label: logging.group,
            value: (
              <RouteLink to={`/logs/groups/${encodeURIComponent(draft.group)}`}>
                <span style={{ overflowWrap: "anywhere" }}>{draft.group}</span>
              </RouteLink>
            ),
          },
          { label: logging.applicationLevel, value: isJson ? draft.applicationLevel : "–" },
          { label: logging.systemLevel, value: isJson ? draft.systemLevel : "–" },
        ]}
      />
    </SectionView>
  );
}

function LoggingForm() {
  const { logging, sections } = useMessages().functionConfiguration;
  const saving = useSettingsSaving();
  const before = logDraftOf(saving.opened.LoggingConfig);
  const [draft, setDraft] = useState(before);
  const type = (typed: Partial<LogDraft>) => setDraft({ ...draft, ...typed });
  const isRight = isLogGroup(draft.group);
  const save = (how: typeof saving.save) => {
    if (isRight) how({ LoggingConfig: loggingOf(draft) });
  };
  const elsewhere = logDifferences(before, logDraftOf(saving.now.LoggingConfig));
  return (
    <SectionForm
      title={sections.logging}
      description={logging.description}
      isDirty={logDifferences(before, draft).length > 0}
      saving={saving}
      onSave={() => save(saving.save)}
      conflict={
        saving.isConflict && (
          <ConflictAlert
            fields={elsewhere.map((member) => logging[member])}
            isBusy={saving.isPending}
            onOverwrite={() => save(saving.overwrite)}
          />
        )
      }
    >
      <SpaceBetween size="l">
        <FormField label={logging.format}>
          <RadioGroup
            value={draft.format}
            onChange={({ detail }) => type({ format: FORMATS.find((format) => format === detail.value) ?? "Text" })}
            items={FORMATS.map((value) => ({ value, label: logging.formats[value], description: logging.formatHelp[value] }))}
          />
        </FormField>
        <Levels draft={draft} type={type} />
        <FormField label={logging.group} description={logging.groupHelp} errorText={isRight ? "" : logging.groupInvalid}>
          <Input value={draft.group} spellcheck={false} onChange={({ detail }) => type({ group: detail.value })} />
        </FormField>
      </SpaceBetween>
    </SectionForm>
  );
}

function Levels({ draft, type }: { draft: LogDraft; type: (typed: Partial<LogDraft>) => void }) {
  const { logging } = useMessages().functionConfiguration;
  const isJson = draft.format === "JSON";
  const constraintText = isJson ? "" : logging.jsonOnly;
  const optionsOf = (levels: readonly string[]) => levels.map((value) => ({ value, label: value }));
  return (
    <SpaceBetween size="l">
      <FormField label={logging.applicationLevel} description={logging.applicationHelp} constraintText={constraintText}>
        <Select
          disabled={!isJson}
          options={optionsOf(APPLICATION_LEVELS)}
          selectedOption={{ value: draft.applicationLevel, label: draft.applicationLevel }}
          onChange={({ detail }) => {
            const applicationLevel = APPLICATION_LEVELS.find((level) => level === detail.selectedOption.value);
            if (applicationLevel) type({ applicationLevel });
          }}
        />
      </FormField>
      <FormField label={logging.systemLevel} description={logging.systemHelp} constraintText={constraintText}>
        <Select
          disabled={!isJson}
          options={optionsOf(SYSTEM_LEVELS)}
          selectedOption={{ value: draft.systemLevel, label: draft.systemLevel }}
          onChange={({ detail }) => {
            const systemLevel = SYSTEM_LEVELS.find((level) => level === detail.selectedOption.value);
            if (systemLevel) type({ systemLevel });
          }}
        />
      </FormField>
    </SpaceBetween>
  );
}

// The form of the general configuration.
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { failureOf } from "../../../api/errors";
import { healthQuery } from "../../../api/health";
import { RouteLink } from "../../../components/route-link";
import { useMessages } from "../../../i18n/language";
import {
  fieldOfMessage,
  generalChange,
  generalDifferences,
  generalDraftOf,
  generalErrors,
  type GeneralDraft,
  type GeneralField,
} from "./general-draft";
import { useSettingsSaving, type SettingsSaving } from "./saving";
import { ConflictAlert, SectionForm } from "./section";

interface Typing {
  readonly draft: GeneralDraft;
  readonly type: (typed: Partial<GeneralDraft>) => void;
  /** What is wrong with a field; empty when nothing is. */
  readonly errorOf: (field: GeneralField) => string;
}

/** The form. */
export function GeneralForm() {
  const { functionConfiguration } = useMessages();
  const saving = useSettingsSaving();
  const before = generalDraftOf(saving.opened);
  const [draft, setDraft] = useState(before);
  const errors = generalErrors(draft);
  const errorOf = useErrors(errors, saving);
  const typing: Typing = { draft, type: (typed) => setDraft({ ...draft, ...typed }), errorOf };
  const save = (how: SettingsSaving["save"]) => {
    if (errors.size === 0) how(generalChange(before, draft));
  };
  const labels = functionConfiguration.general;
  const elsewhere = generalDifferences(before, generalDraftOf(saving.now)).map((field) => labels[field]);
  return (
    <SectionForm
      title={functionConfiguration.sections.general}
      isDirty={generalDifferences(before, draft).length > 0}
      saving={saving}
      onSave={() => save(saving.save)}
      conflict={
        saving.isConflict && (
          <ConflictAlert fields={elsewhere} isBusy={saving.isPending} onOverwrite={() => save(saving.overwrite)} />
        )
      }
    >
      <SpaceBetween size="l">
        <Description {...typing} />
        <Sizes {...typing} />
        <Timeout {...typing} />
        <RuntimeField {...typing} />
        <FormField label={labels.handler} description={labels.handlerHelp} errorText={errorOf("handler")}>
          <Input value={draft.handler} spellcheck={false} onChange={({ detail }) => typing.type({ handler: detail.value })} />
        </FormField>
        <FormField label={labels.role} description={labels.roleHelp} errorText={errorOf("role")}>
          <Input value={draft.role} spellcheck={false} onChange={({ detail }) => typing.type({ role: detail.value })} />
        </FormField>
      </SpaceBetween>
    </SectionForm>
  );
}

function useErrors(errors: ReadonlySet<GeneralField>, saving: SettingsSaving): Typing["errorOf"] {
  const { general } = useMessages().functionConfiguration;
  const words: Record<GeneralField, string> = {
    description: general.descriptionLength,
    memory: general.memoryRange,
    storage: general.storageRange,
    timeout: general.timeoutRange,
    handler: general.handlerPattern,
    runtime: "",
    role: general.rolePattern,
  };
  const refusal = saving.error && !saving.isConflict ? failureOf(saving.error) : undefined;
  const refused = refusal?.kind === "invalid" ? fieldOfMessage(refusal.message) : undefined;
  return (field) => (errors.has(field) ? words[field] : refusal && refused === field ? refusal.message : "");
}

function Description({ draft, type, errorOf }: Typing) {
  const { general } = useMessages().functionConfiguration;
  return (
    <FormField
      label={<Optional text={general.description} />}
      constraintText={general.descriptionCount([...draft.description].length)}
      errorText={errorOf("description")}
    >
      <Textarea rows={2} value={draft.description} onChange={({ detail }) => type({ description: detail.value })} />
    </FormField>
  );
}

/** A label of a field that may stay empty. */
export function Optional({ text }: { text: ReactNode }) {
  const { general } = useMessages().functionConfiguration;
  return (
    <>
      {text} – <i>{general.optional}</i>
    </>
  );
}

function Sizes({ draft, type, errorOf }: Typing) {
  const { app, functionConfiguration } = useMessages();
  const { general } = functionConfiguration;
  return (
    <SpaceBetween size="l">
      <FormField
        label={general.memory}
        description={general.memoryHelp}
        constraintText={errorOf("memory") ? "" : general.memoryRange}
        errorText={errorOf("memory")}
      >
        <div className="configuration-numbers">
          <Input type="number" inputMode="numeric" value={draft.memory} onChange={({ detail }) => type({ memory: detail.value })} />
          <span>{app.units.mb}</span>
        </div>
      </FormField>
      <FormField
        label={general.storage}
        description={general.storageHelp}
        constraintText={errorOf("storage") ? "" : general.storageRange}
        errorText={errorOf("storage")}
      >
        <div className="configuration-numbers">
          <Input type="number" inputMode="numeric" value={draft.storage} onChange={({ detail }) => type({ storage: detail.value })} />
          <span>{app.units.mb}</span>
        </div>
      </FormField>
    </SpaceBetween>
  );
}

function Timeout({ draft, type, errorOf }: Typing) {
  const { general } = useMessages().functionConfiguration;
  return (
    <FormField label={general.timeout} constraintText={errorOf("timeout") ? "" : general.timeoutRange} errorText={errorOf("timeout")}>
      <div className="configuration-numbers">
        <Input
          type="number"
          inputMode="numeric"
          ariaLabel={general.minutesLabel}
          value={draft.minutes}
          onChange={({ detail }) => type({ minutes: detail.value })}
        />
        <span>{general.minutes}</span>
        <Input
          type="number"
          inputMode="numeric"
          ariaLabel={general.secondsLabel}
          value={draft.seconds}
          onChange={({ detail }) => type({ seconds: detail.value })}
        />
        <span>{general.seconds}</span>
      </div>
    </FormField>
  );
}

function RuntimeField({ draft, type, errorOf }: Typing) {
  const { general } = useMessages().functionConfiguration;
  const health = useQuery(healthQuery);
  const found = (health.data?.runtimes ?? []).map(({ name, version, executable }) => ({
    value: name,
    label: name,
    description: `${version} · ${executable}`,
  }));
  const missing = { value: draft.runtime, label: draft.runtime, description: general.runtimeMissing };
  const options = found.some(({ value }) => value === draft.runtime) || health.isPending ? found : [...found, missing];
  return (
    <FormField
      label={general.runtime}
      description={
        <>
          {general.runtimeHelp} <RouteLink to="/host">{general.runtimeMore}</RouteLink>
        </>
      }
      errorText={errorOf("runtime")}
      warningText={health.isError ? general.runtimesFailed : ""}
    >
      <Select
        options={options}
        statusType={health.isPending ? "loading" : "finished"}
        selectedOption={options.find(({ value }) => value === draft.runtime) ?? { value: draft.runtime, label: draft.runtime }}
        onChange={({ detail }) => type({ runtime: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

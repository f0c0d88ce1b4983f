// The fields of an alias.
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import type { AliasFaults, AliasForm } from "../../../api/aliases";
import { LATEST, versionsQuery } from "../../../api/versions";
import { useFormat } from "../../../i18n/format";
import { useFirstFocus } from "../../../components/first-focus";
import { useMessages } from "../../../i18n/language";

/** The fields, and what is wrong with them. */
export interface AliasFieldsProps {
  readonly name: string;
  readonly form: AliasForm;
  readonly faults: AliasFaults;
  readonly isNew: boolean;
  readonly isTaken: boolean;
  /** Faults of fields that nobody touched show only then. */
  readonly isTried: boolean;
  readonly onChange: (form: AliasForm) => void;
}

/** The fields. */
export function AliasFields({ name, form, faults, isNew, isTaken, isTried, onChange }: AliasFieldsProps) {
  const first = useFirstFocus<InputProps.Ref>();
  const { functionAliases } = useMessages();
  const isShown = isTried || form.name !== "";
  const nameError = isTaken ? functionAliases.taken : faults.name && isShown ? functionAliases.nameFaults[faults.name] : "";
  return (
    <SpaceBetween size="m">
      <FormField label={functionAliases.name} constraintText={isNew && !nameError ? functionAliases.nameHelp : ""} errorText={nameError}>
        <Input
          value={form.name}
          disabled={!isNew}
          {...(isNew ? { ref: first } : {})}
          spellcheck={false}
          onChange={({ detail }) => onChange({ ...form, name: detail.value })}
        />
      </FormField>
      <FormField
        label={
          <>
            {functionAliases.aliasDescription} <i>– {functionAliases.optional}</i>
          </>
        }
        errorText={faults.description ? functionAliases.descriptionLong : ""}
      >
        <Input value={form.description} {...(isNew ? {} : { ref: first })} onChange={({ detail }) => onChange({ ...form, description: detail.value })} />
      </FormField>
      <VersionField name={name} form={form} faults={faults} isTried={isTried} onChange={onChange} />
      <ExpandableSection
        headerText={functionAliases.weighted}
        headerDescription={functionAliases.weightedHelp}
        defaultExpanded={form.secondVersion !== ""}
      >
        <SecondVersion name={name} form={form} faults={faults} isTried={isTried} onChange={onChange} />
      </ExpandableSection>
    </SpaceBetween>
  );
}

type PartProps = Pick<AliasFieldsProps, "name" | "form" | "faults" | "isTried" | "onChange">;

function VersionField({ name, form, faults, isTried, onChange }: PartProps) {
  const { app, functionAliases } = useMessages();
  const { options, status, error } = useVersionOptions(name);
  return (
    <FormField
      label={functionAliases.version}
      errorText={error ? functionAliases.versionsFailed : faults.version && isTried ? functionAliases.versionEmpty : ""}
    >
      <Select
        options={options}
        selectedOption={optionOf(options, form.version)}
        placeholder={functionAliases.chooseVersion}
        filteringType={options.length > 10 ? "auto" : "none"}
        filteringPlaceholder={app.search}
        statusType={status}
        loadingText={app.loading}
        expandToViewport
        onChange={({ detail }) => onChange({ ...form, version: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

function SecondVersion({ name, form, faults, isTried, onChange }: PartProps) {
  const { app, functionAliases } = useMessages();
  const format = useFormat();
  const { options, status } = useVersionOptions(name);
  const all: SelectProps.Options = [{ value: "", label: functionAliases.none }, ...options.filter(({ value }) => value !== LATEST)];
  const share = Number(form.percent);
  const rest = format.percent((100 - share) / 100);
  return (
    <SpaceBetween size="m">
      <FormField
        label={functionAliases.secondVersion}
        errorText={faults.secondVersion ? functionAliases.secondFaults[faults.secondVersion] : ""}
      >
        <Select
          options={all}
          selectedOption={optionOf(all, form.secondVersion)}
          filteringType={all.length > 10 ? "auto" : "none"}
          filteringPlaceholder={app.search}
          statusType={status}
          loadingText={app.loading}
          expandToViewport
          onChange={({ detail }) => onChange({ ...form, secondVersion: detail.selectedOption.value ?? "" })}
        />
      </FormField>
      {form.secondVersion !== "" && (
        <FormField
          label={`${functionAliases.percent} (${functionAliases.percentSign})`}
          constraintText={faults.percent ? undefined : functionAliases.percentHelp(rest)}
          errorText={faults.percent && (isTried || form.percent !== "") ? functionAliases.percentRange : ""}
        >
          <Input
            type="number"
            value={form.percent}
            step="any"
            onChange={({ detail }) => onChange({ ...form, percent: detail.value })}
          />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function useVersionOptions(name: string) {
  const { data, isPending, error } = useQuery(versionsQuery(name));
  const options = (data ?? []).map(({ Version = "", Description }) => ({
    value: Version,
    label: Version,
    ...(Description && Version !== LATEST ? { description: Description } : {}),
  }));
  return { options, status: isPending ? ("loading" as const) : ("finished" as const), error };
}

function optionOf(options: SelectProps.Options, value: string): SelectProps.Option | null {
  return options.find((option) => option.value === value) ?? (value ? { value, label: value } : null);
}

// The editor of environment variables.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { PAIR_LAYOUT } from "../../../components/pair-layout";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { ShowButton, type Showing } from "./environment";
import { differingKeys, pairsOf, rebased, valuesOf, type Pair, type Values } from "./pairs";
import { useSettingsSaving } from "./saving";
import { ConflictAlert, SectionForm } from "./section";
import { keyProblem, MOST_BYTES, sizeOf } from "./variables";

const NEW: Pair = { key: "", value: "", isStored: false };

/** The form. */
export function EnvironmentForm(showing: Showing) {
  const { environment, sections } = useMessages().functionConfiguration;
  const saving = useSettingsSaving();
  const before = saving.opened.Environment?.Variables ?? {};
  const now = saving.now.Environment?.Variables ?? {};
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(before));
  const [isChecked, setIsChecked] = useState(false);
  const values = valuesOf(pairs);
  const isDirty = pairs.length !== Object.keys(values).length || differingKeys(before, values).length > 0;
  const isRight = pairs.every((_, index) => keyProblem(pairs, index) === undefined) && sizeOf(values) <= MOST_BYTES;
  const save = (how: (change: { Environment: { Variables: Record<string, string> } }) => void, wanted: Values) => {
    setIsChecked(true);
    if (isRight) how({ Environment: { Variables: { ...wanted } } });
  };
  return (
    <SectionForm
      title={sections.environment}
      description={environment.description}
      isDirty={isDirty}
      saving={saving}
      onSave={() => save(saving.save, values)}
      conflict={
        saving.isConflict && (
          <ConflictAlert
            fields={differingKeys(before, now)}
            isBusy={saving.isPending}
            onOverwrite={() => save(saving.overwrite, rebased(before, values, now))}
          />
        )
      }
    >
      <SpaceBetween size="l">
        {before && Object.keys(before).length > 0 && <ShowButton {...showing} />}
        <Editor pairs={pairs} isShown={showing.isShown} isChecked={isChecked} onChange={setPairs} />
        <Size values={values} />
      </SpaceBetween>
    </SectionForm>
  );
}

function Editor(props: {
  pairs: readonly Pair[];
  isShown: boolean;
  /** Whether empty keys are pointed out too. */
  isChecked: boolean;
  onChange: (pairs: readonly Pair[]) => void;
}) {
  const { app, functionConfiguration } = useMessages();
  const { environment } = functionConfiguration;
  const { pairs, onChange } = props;
  const type = (index: number, typed: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...typed } : pair)));
  const problem = (index: number) => {
    const found = keyProblem(pairs, index);
    return found === undefined || (found === "emptyKey" && !props.isChecked) ? undefined : environment[found];
  };
  return (
    <AttributeEditor<Pair>
      items={pairs}
      gridLayout={PAIR_LAYOUT}
      addButtonText={environment.add}
      removeButtonText={app.remove}
      removeButtonAriaLabel={({ key }) => environment.removeLabel(key)}
      empty={environment.none}
      onAddButtonClick={() => onChange([...pairs, NEW])}
      onRemoveButtonClick={({ detail }) => onChange(pairs.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: environment.key,
          control: ({ key }, index) => (
            <Input
              value={key}
              spellcheck={false}
              autoComplete={false}
              onChange={({ detail }) => type(index, { key: detail.value })}
            />
          ),
          errorText: (_, index) => problem(index),
        },
        {
          label: environment.value,
          control: ({ value, isStored }, index) => (
            <Input
              type={props.isShown || !isStored ? "text" : "password"}
              value={value}
              spellcheck={false}
              autoComplete={false}
              onChange={({ detail }) => type(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}

function Size({ values }: { values: Values }) {
  const { environment } = useMessages().functionConfiguration;
  const format = useFormat();
  const size = sizeOf(values);
  return (
    <FormField errorText={size > MOST_BYTES ? environment.tooLarge : ""}>
      <ProgressBar
        label={environment.size}
        value={Math.min(100, (size / MOST_BYTES) * 100)}
        additionalInfo={<Box variant="small">{environment.sizeText(format.bytes(size), format.bytes(MOST_BYTES))}</Box>}
      />
    </FormField>
  );
}

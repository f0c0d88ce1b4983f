// Memory, timeout, environment variables and tags.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Pair } from "../../creation/draft";
import { MOST_TAGS, tagProblem, variableProblem, type Problem } from "../../creation/rules";
import { PAIR_LAYOUT } from "../../components/pair-layout";
import { useMessages } from "../../i18n/language";
import type { Form } from "./form";

const MOST_VARIABLES = 500;

/** The questions. */
export function Settings({ form }: { form: Form }) {
  const { app, createFunction } = useMessages();
  const words = createFunction.settings;
  const { draft, type, errorOf } = form;
  return (
    <Container header={<Header variant="h2">{words.title}</Header>}>
      <SpaceBetween size="l">
        <ColumnLayout columns={2}>
          <FormField
            label={`${words.memory} (${app.units.mb})`}
            constraintText={words.memoryHelp}
            errorText={errorOf("memory")}
          >
            <Input
              value={draft.memory}
              inputMode="numeric"
              onChange={({ detail }) => type({ memory: detail.value.trim() })}
            />
          </FormField>
          <FormField
            label={`${words.timeout} (${app.units.seconds})`}
            constraintText={words.timeoutHelp}
            errorText={errorOf("timeout")}
          >
            <Input
              value={draft.timeout}
              inputMode="numeric"
              onChange={({ detail }) => type({ timeout: detail.value.trim() })}
            />
          </FormField>
        </ColumnLayout>
        <FormField label={words.environment} description={words.environmentHelp} errorText={errorOf("environment")} stretch>
          <Pairs
            pairs={draft.environment}
            most={MOST_VARIABLES}
            empty={words.noEnvironment}
            add={words.addVariable}
            isSent={form.isSent}
            problemOf={variableProblem}
            onChange={(environment) => type({ environment })}
          />
        </FormField>
        <FormField label={words.tags} description={words.tagsHelp} errorText={errorOf("tags")} stretch>
          <Pairs
            pairs={draft.tags}
            most={MOST_TAGS}
            empty={words.noTags}
            add={words.addTag}
            isSent={form.isSent}
            problemOf={tagProblem}
            onChange={(tags) => type({ tags })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

interface PairsProps {
  readonly pairs: readonly Pair[];
  readonly most: number;
  readonly empty: string;
  readonly add: string;
  readonly isSent: boolean;
  readonly problemOf: (pairs: readonly Pair[], index: number) => Problem | undefined;
  readonly onChange: (pairs: readonly Pair[]) => void;
}

function Pairs({ pairs, most, empty, add, isSent, problemOf, onChange }: PairsProps) {
  const { app, createFunction } = useMessages();
  const words = createFunction.settings;
  const change = (index: number, part: Partial<Pair>) =>
    onChange(pairs.map((pair, other) => (other === index ? { ...pair, ...part } : pair)));
  // An empty row is not wrong while it is being filled in.
  const errorOf = (index: number) => {
    const problem = problemOf(pairs, index);
    return problem && (isSent || problem !== "key-missing") ? createFunction.problems[problem] : undefined;
  };
  return (
    <AttributeEditor<Pair>
      items={pairs}
      gridLayout={PAIR_LAYOUT}
      empty={empty}
      addButtonText={add}
      disableAddButton={pairs.length >= most}
      removeButtonText={app.remove}
      removeButtonAriaLabel={(pair) => words.removePair(pair.key)}
      onAddButtonClick={() => onChange([...pairs, { key: "", value: "" }])}
      onRemoveButtonClick={({ detail }) => onChange(pairs.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        {
          label: words.key,
          errorText: (_, index) => errorOf(index),
          control: (pair, index) => (
            <Input value={pair.key} spellcheck={false} onChange={({ detail }) => change(index, { key: detail.value })} />
          ),
        },
        {
          label: words.value,
          control: (pair, index) => (
            <Input
              value={pair.value}
              spellcheck={false}
              onChange={({ detail }) => change(index, { value: detail.value })}
            />
          ),
        },
      ]}
    />
  );
}

// A function's tags.
import AttributeEditor from "@cloudscape-design/components/attribute-editor";
import Box from "@cloudscape-design/components/box";
import Input from "@cloudscape-design/components/input";
import Table from "@cloudscape-design/components/table";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { tagsQuery, useChangeTags, type Tags as TagValues } from "../../../api/tags";
import { useNotices } from "../../../app/notices";
import { PAIR_LAYOUT } from "../../../components/pair-layout";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { changeOf, differingKeys, pairsOf, valuesOf, type Pair } from "./pairs";
import { EditButton, Loaded, SectionForm, SectionView, useIsReadOnly } from "./section";
import { MOST_TAGS, tagProblem } from "./tag-rules";

function useArn(): string {
  const { detail } = useFunction();
  // Tags belong to the function: its ARN has seven parts, a version's or an alias's has one more.
  return (detail.Configuration?.FunctionArn ?? "").split(":").slice(0, 7).join(":");
}

/** The section. */
export function Tags() {
  const { functionConfiguration } = useMessages();
  const { tags, sections } = functionConfiguration;
  const { name } = useFunction();
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  const query = useQuery(tagsQuery(name, useArn()));
  if (isEditing && !isReadOnly && query.data) return <TagsForm stored={query.data} />;
  return (
    <SectionView
      title={sections.tags}
      description={tags.description}
      {...(query.data ? { counter: `(${Object.keys(query.data).length})`, actions: <EditButton /> } : {})}
    >
      <Loaded query={query} failed={tags.failed}>
        {(stored) => <TagTable stored={stored} />}
      </Loaded>
    </SectionView>
  );
}

function TagTable({ stored }: { stored: TagValues }) {
  const { tags, sections } = useMessages().functionConfiguration;
  return (
    <Table<Pair>
      variant="embedded"
      items={pairsOf(stored)}
      trackBy="key"
      wrapLines
      enableKeyboardNavigation
      ariaLabels={{ tableLabel: sections.tags }}
      empty={
        <Box textAlign="center" color="inherit">
          <b>{tags.empty}</b>
          <Box color="text-body-secondary">{tags.emptyHelp}</Box>
        </Box>
      }
      columnDefinitions={[
        { id: "key", header: tags.key, isRowHeader: true, width: "40%", cell: ({ key }) => key },
        { id: "value", header: tags.value, cell: ({ value }) => value || "–" },
      ]}
    />
  );
}

function TagsForm({ stored }: { stored: TagValues }) {
  const { functionConfiguration } = useMessages();
  const { tags, sections, saved } = functionConfiguration;
  const { name } = useFunction();
  const notices = useNotices();
  const change = useChangeTags(name, useArn());
  const [opened] = useState(stored);
  const [pairs, setPairs] = useState<readonly Pair[]>(() => pairsOf(stored));
  const [isChecked, setIsChecked] = useState(false);
  const values = valuesOf(pairs);
  const isRight = pairs.every((_, index) => tagProblem(pairs, index) === undefined);
  const save = () => {
    setIsChecked(true);
    if (isRight) change.mutate(changeOf(opened, values), { onSuccess: () => notices.success(saved(sections.tags, name)) });
  };
  return (
    <SectionForm
      title={sections.tags}
      description={tags.description}
      isDirty={pairs.length !== Object.keys(values).length || differingKeys(opened, values).length > 0}
      saving={change}
      onSave={save}
    >
      <TagEditor pairs={pairs} isChecked={isChecked} onChange={setPairs} />
    </SectionForm>
  );
}

function TagEditor(props: {
  pairs: readonly Pair[];
  isChecked: boolean;
  onChange: (pairs: readonly Pair[]) => void;
}) {
  const { app, functionConfiguration } = useMessages();
  const { tags } = functionConfiguration;
  const { pairs, onChange } = props;
  const type = (index: number, typed: Partial<Pair>) =>
    onChange(pairs.map((pair, at) => (at === index ? { ...pair, ...typed } : pair)));
  const errorOf = (index: number, field: "key" | "value") => {
    const problem = tagProblem(pairs, index);
    if (problem === undefined || (problem === "emptyKey" && !props.isChecked)) return undefined;
    return (problem === "valueLength") === (field === "value") ? tags[problem] : undefined;
  };
  const control = (field: "key" | "value") => (pair: Pair, index: number) => (
    <Input value={pair[field]} spellcheck={false} onChange={({ detail }) => type(index, { [field]: detail.value })} />
  );
  return (
    <AttributeEditor<Pair>
      items={pairs}
      gridLayout={PAIR_LAYOUT}
      addButtonText={tags.add}
      removeButtonText={app.remove}
      removeButtonAriaLabel={({ key }) => tags.removeLabel(key)}
      empty={tags.empty}
      disableAddButton={pairs.length >= MOST_TAGS}
      additionalInfo={tags.more(MOST_TAGS - pairs.length)}
      onAddButtonClick={() => onChange([...pairs, { key: "", value: "", isStored: false }])}
      onRemoveButtonClick={({ detail }) => onChange(pairs.filter((_, index) => index !== detail.itemIndex))}
      definition={[
        { label: tags.key, control: control("key"), errorText: (_, index) => errorOf(index, "key") },
        { label: tags.value, control: control("value"), errorText: (_, index) => errorOf(index, "value") },
      ]}
    />
  );
}

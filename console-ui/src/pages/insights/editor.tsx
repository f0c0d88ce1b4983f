// Writes and runs a query; samples are taken by one click.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import FormField from "@cloudscape-design/components/form-field";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea from "@cloudscape-design/components/textarea";
import { useState } from "react";
import { MOST_QUERIED_GROUPS } from "../../api/insights";
import { failureOf } from "../../api/errors";
import { isUnanswered } from "../../api/live-tail";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";
import { SAMPLES } from "../../insights/samples";

const LETTERS = { fontFamily: 'Monaco, Menlo, Consolas, "Courier New", monospace', fontSize: "13px" };

interface QueryEditorProps {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly groups: readonly string[];
  readonly isStarting: boolean;
  readonly error: unknown;
  readonly onRun: () => void;
  readonly onHistory: () => void;
}

/** The editor. */
export function QueryEditor({ text, onChange, groups, isStarting, error, onRun, onHistory }: QueryEditorProps) {
  const { insights } = useMessages();
  const [isTried, setIsTried] = useState(false);
  const missing = groups.length === 0 ? insights.noGroups : text.trim() === "" ? insights.noQuery : undefined;
  const failure = error ? failureOf(error) : undefined;
  const isOfQuery = failure?.kind === "invalid";
  const run = () => {
    setIsTried(true);
    if (!missing && groups.length <= MOST_QUERIED_GROUPS && !isStarting) onRun();
  };
  const rows = Math.min(16, Math.max(4, text.split("\n").length + 1));
  return (
    <SpaceBetween size="s">
      <FormField
        label={insights.query}
        constraintText={insights.queryHelp}
        stretch
        errorText={isTried && missing ? missing : isOfQuery ? failure.message : ""}
      >
        <Textarea
          value={text}
          rows={rows}
          spellcheck={false}
          ariaLabel={insights.query}
          nativeTextareaAttributes={{ style: LETTERS }}
          onChange={({ detail }) => onChange(detail.value)}
          onKeyDown={(event) => {
            const { key, ctrlKey, metaKey } = event.detail;
            if (key !== "Enter" || !(ctrlKey || metaKey)) return;
            event.preventDefault();
            run();
          }}
        />
      </FormField>
      {failure && !isOfQuery && (
        <FailureAlert error={error} header={isUnanswered(error) ? insights.unanswered : insights.failedStart} onRetry={run} />
      )}
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="primary" loading={isStarting} onClick={run}>
          {insights.run}
        </Button>
        <Samples onTake={onChange} />
        <Button onClick={onHistory}>{insights.history}</Button>
      </SpaceBetween>
    </SpaceBetween>
  );
}

function Samples({ onTake }: { onTake: (query: string) => void }) {
  const { insights } = useMessages();
  const names: Readonly<Record<string, string>> = insights.sampleNames;
  const queries: Readonly<Record<string, string>> = { ...SAMPLES.common, ...SAMPLES.lambda };
  const group = (id: keyof typeof SAMPLES) => ({
    text: insights.sampleGroups[id],
    items: Object.keys(SAMPLES[id]).map((id) => ({ id, text: names[id] ?? id })),
  });
  return (
    <ButtonDropdown items={[group("common"), group("lambda")]} onItemClick={({ detail }) => onTake(queries[detail.id] ?? "")}>
      {insights.samples}
    </ButtonDropdown>
  );
}

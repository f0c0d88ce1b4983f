// The result that a function's bench shows, with the results before it and one click to keep an event that failed.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useSaveEvent } from "../api/test-events";
import { useBench, useTestRunner } from "../api/test-runs";
import { useNotices } from "../app/notices";
import { useFormat } from "../i18n/format";
import { useMessages } from "../i18n/language";
import { shownRun, type Run } from "../testing/bench";
import { failingEventName } from "../testing/outcome";
import { TestResult } from "./test-result";

/** The result, or nothing before the first test. */
export function BenchResult({ name, onClose }: { name: string; onClose?: () => void }) {
  const { functionTest } = useMessages();
  const [bench] = useBench(name);
  const { stop } = useTestRunner(name);
  const run = shownRun(bench);
  if (!run) return null;
  return (
    <TestResult
      name={name}
      run={run}
      onStop={() => stop(run.id)}
      actions={
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          {run.outcome?.status === "failed" && <SaveFailing key={run.id} name={name} run={run} />}
          {bench.runs.length > 1 && <Recent name={name} shown={run} />}
          {onClose && <Button variant="icon" iconName="close" ariaLabel={functionTest.result.close} onClick={onClose} />}
        </SpaceBetween>
      }
    />
  );
}

function SaveFailing({ name, run }: { name: string; run: Run }) {
  const { functionTest } = useMessages();
  const notices = useNotices();
  const saving = useSaveEvent(name);
  const event = failingEventName(run.outcome?.fault?.errorType, run.startedAt);
  return (
    <Button
      loading={saving.isPending}
      disabled={saving.isSuccess}
      onClick={() =>
        saving.mutate(
          { event, text: run.event },
          {
            onSuccess: () => notices.success(functionTest.savedAs(event)),
            onError: (error) => notices.failure(functionTest.saveFailed, error),
          },
        )
      }
    >
      {functionTest.result.saveFailing}
    </Button>
  );
}

function Recent({ name, shown }: { name: string; shown: Run }) {
  const { functionTest } = useMessages();
  const format = useFormat();
  const [bench, update] = useBench(name);
  const words = functionTest.result;
  return (
    <ButtonDropdown
      expandToViewport
      items={bench.runs.map((run) => ({
        id: run.id,
        text: words.of(run.eventName, format.clock(run.startedAt)),
        secondaryText: run.outcome ? words[run.outcome.status] : words.running,
        ...(run.id === shown.id ? { iconName: "check" as const } : {}),
      }))}
      onItemClick={({ detail }) => update((bench) => ({ ...bench, shown: detail.id }))}
    >
      {words.recent}
    </ButtonDropdown>
  );
}

// The event to test with: picked, typed, saved and run.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { lazy, Suspense, useId, type KeyboardEvent } from "react";
import { useSearchParams } from "react-router";
import type { EventInHand } from "../../../api/event-in-hand";
import { useBench, useTestRunner } from "../../../api/test-runs";
import { LATEST } from "../../../api/versions";
import { eventName, EventSelect } from "../../../components/event-select";
import { FailureAlert } from "../../../components/failure-alert";
import { useMessages } from "../../../i18n/language";
import { shownRun } from "../../../testing/bench";
import { jsonFault, laidOut } from "../../../testing/event-json";
import type { InvocationType } from "../../../testing/outcome";
import { SaveButton } from "./save-button";

const TextEditor = lazy(() => import("../../../components/text-editor"));
const TYPES: readonly InvocationType[] = ["RequestResponse", "Event", "DryRun"];

/** The form. */
export function EventForm({ name, qualifier, hand }: { name: string; qualifier: string | undefined; hand: EventInHand }) {
  const { functionTest } = useMessages();
  const [bench, update] = useBench(name);
  const runner = useTestRunner(name);
  const typeLabel = useId();
  const { event } = hand;
  const fault = event && jsonFault(event.text);
  const faultText = fault && functionTest.badJson(fault.line, fault.column, fault.found);
  const last = shownRun(bench);
  const isRunning = last !== undefined && !last.outcome;
  const run = () => {
    if (!event || fault || isRunning) return;
    runner.run({ eventName: eventName(functionTest, event), event: event.text, type: bench.type, qualifier });
  };
  const onKeyDownCapture = (key: KeyboardEvent) => {
    if (key.key !== "Enter" || !(key.ctrlKey || key.metaKey)) return;
    key.preventDefault();
    key.stopPropagation();
    run();
  };
  return (
    <div onKeyDownCapture={onKeyDownCapture}>
      <Container
        header={
          <Header
            variant="h2"
            description={functionTest.description}
            actions={
              <SpaceBetween direction="horizontal" size="xs">
                <SaveButton name={name} hand={hand} disabled={!event || fault !== undefined} />
                <Button
                  variant="primary"
                  loading={isRunning}
                  loadingText={functionTest.testing}
                  disabled={!event || fault !== undefined}
                  disabledReason={faultText}
                  onClick={run}
                >
                  {functionTest.test}
                </Button>
              </SpaceBetween>
            }
          >
            {functionTest.title}
          </Header>
        }
      >
        <SpaceBetween size="m">
          <Failures hand={hand} />
          <ColumnLayout columns={2}>
            <FormField label={functionTest.event}>
              <LinkedSelect hand={hand} />
            </FormField>
            <FormField
              label={<span id={typeLabel}>{functionTest.invocationType}</span>}
              constraintText={`${functionTest.typeHelp[bench.type]} ${functionTest.runsAt(qualifier ?? LATEST)}`}
            >
              <SegmentedControl
                ariaLabelledby={typeLabel}
                selectedId={bench.type}
                options={TYPES.map((id) => ({ id, text: functionTest.types[id] }))}
                onChange={({ detail }) => update((bench) => ({ ...bench, type: detail.selectedId as InvocationType }))}
              />
            </FormField>
          </ColumnLayout>
          <FormField
            stretch
            label={functionTest.eventJson}
            errorText={faultText}
            constraintText={functionTest.shortcut}
            info={
              <Button
                variant="inline-link"
                disabled={!event || fault !== undefined}
                onClick={() => event && hand.edit(laidOut(event.text))}
              >
                {functionTest.format}
              </Button>
            }
          >
            <div className="framed-editor">
              <Suspense fallback={<Waiting />}>
                {event ? (
                  <TextEditor
                    documentName={`${event.kind}:${event.name}`}
                    text={event.text}
                    onChange={hand.edit}
                    language="json"
                    label={functionTest.eventJson}
                    height="260px"
                  />
                ) : (
                  <Waiting />
                )}
              </Suspense>
            </div>
          </FormField>
        </SpaceBetween>
      </Container>
    </div>
  );
}

function Waiting() {
  return (
    <Box textAlign="center" padding="l">
      <Spinner />
    </Box>
  );
}

/** The select, which puts what is picked into the address. */
function LinkedSelect({ hand }: { hand: EventInHand }) {
  const { functionTest } = useMessages();
  const [, setSearch] = useSearchParams();
  const linked: EventInHand = {
    ...hand,
    pick: (kind, chosen) => {
      const isThere = hand.pick(kind, chosen);
      if (isThere) setSearch((search) => (search.set("event", chosen), search), { replace: true });
      return isThere;
    },
  };
  return (
    <SpaceBetween size="xxs">
      <EventSelect hand={linked} label={functionTest.event} />
      {hand.isEdited && (
        <Button variant="inline-link" onClick={hand.revert}>
          {functionTest.revert}
        </Button>
      )}
      {hand.bench.replaced && (
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Box color="text-body-secondary">{functionTest.replaced}</Box>
          <Button variant="inline-link" onClick={hand.bringBack}>
            {functionTest.bringBack}
          </Button>
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}

function Failures({ hand }: { hand: EventInHand }) {
  const { functionTest } = useMessages();
  if (!hand.savedError && !hand.templatesError) return null;
  return (
    <FailureAlert
      error={hand.templatesError ?? hand.savedError}
      header={hand.templatesError ? functionTest.templatesFailed : functionTest.eventsFailed}
      onRetry={hand.retry}
    />
  );
}

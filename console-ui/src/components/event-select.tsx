// Picks the event that a function is tested with: saved ones first, then templates.
import Select, { type SelectProps } from "@cloudscape-design/components/select";
import type { EventInHand } from "../api/event-in-hand";
import { useMessages } from "../i18n/language";
import type { Messages } from "../i18n/messages";
import type { BenchEvent } from "../testing/bench";

/** The select. */
export function EventSelect({ hand, label }: { hand: EventInHand; label: string }) {
  const { app, functionTest } = useMessages();
  const { event, isEdited } = hand;
  const name = event ? eventName(functionTest, event) : "";
  return (
    <Select
      ariaLabel={label}
      selectedOption={event ? { value: `${event.kind}:${event.name}`, label: isEdited ? functionTest.edited(name) : name } : null}
      options={optionsOf(functionTest, hand)}
      filteringType="auto"
      filteringPlaceholder={functionTest.findEvent}
      filteringAriaLabel={functionTest.findEvent}
      placeholder={functionTest.chooseEvent}
      statusType={hand.isLoading ? "loading" : "finished"}
      loadingText={app.loading}
      expandToViewport
      onChange={({ detail }) => {
        const [kind, ...rest] = (detail.selectedOption.value ?? "").split(":");
        if (kind === "saved" || kind === "template") hand.pick(kind, rest.join(":"));
      }}
    />
  );
}

/** How an event is called. */
export function eventName(words: Messages["functionTest"], event: BenchEvent): string {
  if (event.kind === "given") return words.given;
  return event.kind === "template" ? (event.name.split("/").at(-1) ?? event.name) : event.name;
}

function optionsOf(words: Messages["functionTest"], { saved, templates }: EventInHand): SelectProps.Options {
  const option = (kind: string, name: string, label: string) => ({ value: `${kind}:${name}`, label });
  const blueprints = [...new Set(templates.flatMap(({ blueprint }) => (blueprint ? [blueprint.name] : [])))];
  const groups: SelectProps.OptionGroup[] = [
    { label: words.saved, options: saved.map(({ name }) => option("saved", name, name)) },
    { label: words.templates, options: templates.filter((one) => !one.blueprint).map((one) => option("template", one.id, one.name)) },
    ...blueprints.map((name) => ({
      label: words.blueprint(name),
      options: templates.filter((one) => one.blueprint?.name === name).map((one) => option("template", one.id, one.name)),
    })),
  ];
  return groups.filter(({ options }) => options.length > 0);
}

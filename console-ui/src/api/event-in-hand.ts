// The event that a function is tested with: picked, typed or handed over, else a first choice; the Code and Test tabs share it.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { isEdited, restored, withEvent, type Bench, type BenchEvent } from "../testing/bench";
import { firstChoice, savedEventsQuery, templatesQuery, type SavedEvent, type Template } from "./test-events";
import { useBench } from "./test-runs";

const NO_EVENTS: readonly SavedEvent[] = [];
const NO_TEMPLATES: readonly Template[] = [];

/** The event in hand, and what else there is. */
export interface EventInHand {
  /** Absent while the first choice is being fetched. */
  readonly event: BenchEvent | undefined;
  readonly isEdited: boolean;
  readonly saved: readonly SavedEvent[];
  readonly templates: readonly Template[];
  readonly isLoading: boolean;
  readonly savedError: unknown;
  readonly templatesError: unknown;
  readonly retry: () => void;
  readonly bench: Bench;
  readonly update: (change: (bench: Bench) => Bench) => void;
  /** Takes up a saved event or a template; false when there is none of that name. */
  readonly pick: (kind: "saved" | "template", name: string) => boolean;
  readonly edit: (text: string) => void;
  readonly revert: () => void;
  readonly bringBack: () => void;
}

/** The event in hand of a function; its description may tell the blueprint that it was made from. */
export function useEventInHand(name: string, description: string | undefined): EventInHand {
  const [bench, update] = useBench(name);
  const savedQuery = useQuery(savedEventsQuery(name));
  const templateQuery = useQuery(templatesQuery);
  const saved = savedQuery.data ?? NO_EVENTS;
  const templates = templateQuery.data ?? NO_TEMPLATES;
  const isLoading = savedQuery.isPending || templateQuery.isPending;
  const first = useMemo((): BenchEvent | undefined => {
    const choice = isLoading ? undefined : (firstChoice(saved, templates, description) ?? { kind: "given" as const, name: "", text: "{}" });
    return choice && { ...choice, original: choice.text };
  }, [isLoading, saved, templates, description]);
  const event = bench.event ?? first;
  const put = (next: BenchEvent) => update((bench) => withEvent(bench, next));
  return {
    event,
    isEdited: event !== undefined && isEdited(event),
    saved,
    templates,
    isLoading,
    savedError: savedQuery.error,
    templatesError: templateQuery.error,
    retry: () => {
      if (savedQuery.isError) void savedQuery.refetch();
      if (templateQuery.isError) void templateQuery.refetch();
    },
    bench,
    update,
    pick: (kind, chosen) => {
      const text =
        kind === "saved" ? saved.find(({ name }) => name === chosen)?.event : templates.find(({ id }) => id === chosen)?.text;
      if (text !== undefined) put({ kind, name: chosen, text, original: text });
      return text !== undefined;
    },
    edit: (text) => {
      if (event && text !== event.text) update((bench) => ({ ...bench, event: { ...event, text } }));
    },
    revert: () => event && update((bench) => ({ ...bench, event: { ...event, text: event.original } })),
    bringBack: () => update(restored),
  };
}

// Events to test with: those saved with a function, and templates (hearth's samples and the blueprints' own).
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { hearth } from "./hearth";

/** An event saved with a function. */
export interface SavedEvent {
  readonly name: string;
  /** Its JSON text. */
  readonly event: string;
  readonly modifiedAt: number;
}

/** An event to start from. */
export interface Template {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  /** The blueprint it belongs to. */
  readonly blueprint?: { readonly name: string; readonly description: string };
}

/** What a saved event may be called. */
export const EVENT_NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** Keys of the cache. */
export const testEventKeys = {
  saved: (name: string) => ["test-events", name] as const,
  templates: ["event-templates"] as const,
};

const savedPath = (name: string, event = "") =>
  `functions/${encodeURIComponent(name)}/test-events${event && `/${encodeURIComponent(event)}`}`;

/** The events saved with a function, by name. */
export const savedEventsQuery = (name: string) =>
  queryOptions({
    queryKey: testEventKeys.saved(name),
    queryFn: async ({ signal }) => (await hearth<{ events: SavedEvent[] }>(savedPath(name), { signal })).events,
    retry: false,
  });

interface Blueprint {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly events?: Readonly<Record<string, unknown>>;
}

/** All templates; the server has the same ones until it is replaced. */
export const templatesQuery = queryOptions({
  queryKey: testEventKeys.templates,
  staleTime: Infinity,
  queryFn: async ({ signal }) => {
    const [samples, { blueprints }] = await Promise.all([
      hearth<{ events: Record<string, unknown> }>("events", { signal }),
      hearth<{ blueprints: Blueprint[] }>("blueprints", { signal }),
    ]);
    const whole = await Promise.all(
      blueprints.map(({ id }) => hearth<Blueprint>(`blueprints/${encodeURIComponent(id)}`, { signal })),
    );
    return templatesOf(samples.events, whole);
  },
});

/** The samples as templates, then each blueprint's events. */
export function templatesOf(samples: Readonly<Record<string, unknown>>, blueprints: readonly Blueprint[]): Template[] {
  const text = (event: unknown) => JSON.stringify(event, null, 2);
  return [
    ...Object.entries(samples).map(([name, event]) => ({ id: name, name, text: text(event) })),
    ...blueprints.flatMap(({ id, name, description, events = {} }) =>
      Object.entries(events).map(([event, value]) => ({
        id: `${id}/${event}`,
        name: event,
        text: text(value),
        blueprint: { name, description },
      })),
    ),
  ];
}

/**
 * The event that a function is tested with at first: the last one saved, else one of the blueprint it was made from (told by its
 * description), else the simplest template.
 */
export function firstChoice(
  saved: readonly SavedEvent[],
  templates: readonly Template[],
  description: string | undefined,
): { readonly kind: "saved" | "template"; readonly name: string; readonly text: string } | undefined {
  const last = [...saved].sort((a, b) => b.modifiedAt - a.modifiedAt)[0];
  if (last) return { kind: "saved", name: last.name, text: last.event };
  const own = description ? templates.find(({ blueprint }) => blueprint?.description === description) : undefined;
  const template = own ?? templates.find(({ id }) => id === "hello-world") ?? templates[0];
  return template && { kind: "template", name: template.id, text: template.text };
}

/** Saves an event with the function. */
export function useSaveEvent(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ event, text }: { event: string; text: string }) =>
      hearth<unknown>(savedPath(name, event), { method: "PUT", body: text }),
    onSettled: () => void cache.invalidateQueries({ queryKey: testEventKeys.saved(name) }),
  });
}

/** Deletes a saved event. */
export function useDeleteEvent(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (event: string) => hearth<unknown>(savedPath(name, event), { method: "DELETE" }),
    onSettled: () => void cache.invalidateQueries({ queryKey: testEventKeys.saved(name) }),
  });
}

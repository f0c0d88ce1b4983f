// Which blueprints a filter finds, and which one is chosen. Pure.
import type { Blueprint } from "../api/blueprints";

const FIRST_CHOICE = "hello-world-python";

/** The blueprints that have every word of the filter: the simplest first, the others in the server's order. */
export function matching(blueprints: readonly Blueprint[], filter: string): readonly Blueprint[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const found = blueprints.filter((blueprint) => {
    const { id, name, description, runtime, tags } = blueprint;
    const text = [id, name, description, runtime, ...tags].join(" ").toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const isFirst = ({ id }: Blueprint) => id === FIRST_CHOICE;
  return [...found.filter(isFirst), ...found.filter((blueprint) => !isFirst(blueprint))];
}

/** The one that the address names, else the first of those shown. */
export function chosenBlueprint(
  all: readonly Blueprint[],
  shown: readonly Blueprint[],
  id: string | undefined,
): Blueprint | undefined {
  return all.find((blueprint) => blueprint.id === id) ?? shown[0];
}

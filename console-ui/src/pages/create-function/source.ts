// Where the code comes from: which way and blueprint the address names, what they suggest, and what was edited of them.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { blueprintQuery, blueprintsQuery, type Blueprint } from "../../api/blueprints";
import { functionsQuery } from "../../api/functions";
import { healthQuery } from "../../api/health";
import { chosenBlueprint, matching } from "../../creation/blueprints";
import { DEFAULTS, freeName, pairsOf, runtimeFor, STARTER, WAYS, type Draft, type Way } from "../../creation/draft";
import type { Package } from "./zip-picker";

/** Texts by path. */
export type Files = Readonly<Record<string, string>>;

/** The address's part in the form. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const way = WAYS.find((one) => one === search.get("way")) ?? "scratch";
  const set = (name: string, value: string, isStep: boolean) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(name, value);
        else after.delete(name);
        return after;
      },
      { replace: !isStep, preventScrollReset: true },
    );
  return {
    way,
    filter: search.get("filter") ?? "",
    blueprint: search.get("blueprint") ?? undefined,
    chooseWay: (next: Way) => set("way", next, true),
    chooseBlueprint: (id: string) => set("blueprint", id, true),
    setFilter: (text: string) => set("filter", text, false),
  };
}

/** The code to be deployed, and what it suggests. */
export function useSource() {
  const address = useAddress();
  const { way, filter } = address;
  const isBlueprint = way === "blueprint";
  const blueprints = useQuery({ ...blueprintsQuery, enabled: isBlueprint });
  const shown = matching(blueprints.data ?? [], filter);
  const blueprint = isBlueprint ? chosenBlueprint(blueprints.data ?? [], shown, address.blueprint) : undefined;
  const detail = useQuery({ ...blueprintQuery(blueprint?.id ?? ""), enabled: blueprint !== undefined });
  const runtimes = useQuery(healthQuery);
  const functions = useQuery(functionsQuery);
  const [zip, setZip] = useState<Package>();
  const [edits, setEdits] = useState<Readonly<Record<string, Files>>>({});

  const id = isBlueprint ? `blueprint:${blueprint?.id ?? ""}` : way === "zip" ? `zip:${zip?.file.name ?? ""}` : "scratch";
  const original = way === "scratch" ? STARTER : isBlueprint ? detail.data?.files : undefined;
  const files = original && { ...original, ...edits[id] };
  const taken = new Set((functions.data ?? []).map((item) => item.FunctionName ?? ""));
  const found = (runtimes.data?.runtimes ?? []).map((runtime) => runtime.name);
  return {
    address,
    id,
    blueprints,
    shown,
    blueprint,
    detail,
    runtimes,
    taken,
    zip,
    setZip,
    files,
    isEdited: edits[id] !== undefined,
    hasEdits: Object.keys(edits).length > 0,
    edit: (path: string, text: string) =>
      setEdits((before) => ({ ...before, [id]: { ...before[id], [path]: text } })),
    restore: () => setEdits(({ [id]: _, ...rest }) => rest),
    paths: files ? Object.keys(files) : (zip?.look?.files ?? []).map((file) => file.path),
    suggested: suggestionOf({ way, blueprint, zip, taken, found }),
  };
}

interface Known {
  readonly way: Way;
  readonly blueprint: Blueprint | undefined;
  readonly zip: Package | undefined;
  readonly taken: ReadonlySet<string>;
  readonly found: readonly string[];
}

function suggestionOf({ way, blueprint, zip, taken, found }: Known): Draft {
  const runtime = runtimeFor(blueprint?.runtime, found);
  if (way === "zip") {
    const name = freeName(zip?.file.name.replace(/\.zip$/i, "") ?? "", taken);
    return { ...DEFAULTS, runtime, name, handler: zip?.look?.handlers[0] ?? DEFAULTS.handler };
  }
  if (!blueprint) return { ...DEFAULTS, runtime };
  const { configuration } = blueprint;
  return {
    ...DEFAULTS,
    runtime,
    name: freeName(blueprint.id, taken),
    description: blueprint.description,
    handler: blueprint.handler,
    memory: String(configuration?.memoryMib ?? DEFAULTS.memory),
    timeout: String(configuration?.timeoutSeconds ?? DEFAULTS.timeout),
    environment: pairsOf(configuration?.environment ?? {}),
    requirements: blueprint.requirements,
  };
}

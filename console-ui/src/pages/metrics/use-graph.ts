// The graph of the page, kept in its address. Every change is a step that the browser's Back undoes.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import type { Graph } from "../../chart/graph";
import { readGraph, writeGraph } from "../../chart/graph-code";

/** The graph, and how to change it. */
export interface GraphState {
  readonly graph: Graph;
  /** False when a part of the address made no sense. */
  readonly isWhole: boolean;
  readonly change: (change: (graph: Graph) => Graph) => void;
}

/** The graph in the address. */
export function useGraph(): GraphState {
  const [search, setSearch] = useSearchParams();
  const text = search.get("graph");
  const { graph, isWhole } = useMemo(() => readGraph(text), [text]);
  const change = useCallback(
    (change: (graph: Graph) => Graph) =>
      setSearch(
        (before) => {
          const next = new URLSearchParams(before);
          next.set("graph", writeGraph(change(readGraph(before.get("graph")).graph)));
          return next;
        },
        { preventScrollReset: true },
      ),
    [setSearch],
  );
  return { graph, isWhole, change };
}

type Values = Readonly<Record<string, string | undefined>>;

/** The address with other values; undefined ones are removed. */
function changed(before: URLSearchParams, values: Values): URLSearchParams {
  const next = new URLSearchParams(before);
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

/** Other parts of the address: `put` changes them, `to` is the route of that change. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const put = useCallback(
    (values: Values, replace = false) => setSearch((before) => changed(before, values), { replace, preventScrollReset: true }),
    [setSearch],
  );
  const to = (values: Values) => `?${changed(search, values)}`;
  return { search, put, to };
}

// The time range that a page of logs shows, as the address has it: `?range=1h`, or `?from=…&to=…` in epoch milliseconds. Pure.

/** The relative ranges, by the word that the address and AWS's console use. */
export const RELATIVE = { "1m": 60_000, "30m": 1_800_000, "1h": 3_600_000, "12h": 43_200_000, "1d": 86_400_000, "1w": 604_800_000 } as const;

/** A relative range's word. */
export type Relative = keyof typeof RELATIVE;

/** A range: up to now, between two times, or all there is. */
export type Range =
  | { readonly kind: "relative"; readonly last: Relative }
  | { readonly kind: "absolute"; readonly from: number; readonly to: number }
  | { readonly kind: "all" };

/** Times in epoch milliseconds; both belong to the range, and what is absent is open. */
export interface Bounds {
  readonly from?: number;
  readonly to?: number;
}

/** Reads a range from an address; `otherwise` when it has none that makes sense. */
export function readRange(search: URLSearchParams, otherwise: Range): Range {
  const last = search.get("range");
  if (last === "all") return { kind: "all" };
  if (last !== null && Object.hasOwn(RELATIVE, last)) return { kind: "relative", last: last as Relative };
  const from = timeOf(search.get("from"));
  const to = timeOf(search.get("to"));
  return from !== undefined && to !== undefined && from <= to ? { kind: "absolute", from, to } : otherwise;
}

/** Writes a range into an address. */
export function writeRange(search: URLSearchParams, range: Range): void {
  for (const name of ["range", "from", "to"]) search.delete(name);
  if (range.kind === "all") search.set("range", "all");
  if (range.kind === "relative") search.set("range", range.last);
  if (range.kind === "absolute") {
    search.set("from", String(range.from));
    search.set("to", String(range.to));
  }
}

/** The range's times, seen from `now`. A relative one stays open to what comes. */
export function boundsOf(range: Range, now: number): Bounds {
  if (range.kind === "all") return {};
  return range.kind === "relative" ? { from: now - RELATIVE[range.last] } : { from: range.from, to: range.to };
}

function timeOf(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && text !== "" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

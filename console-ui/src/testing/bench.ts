// The test bench of each function, shared by its Code and Test tabs and kept for this browser tab's session: the event in hand and the
// last results. Bounded: `MOST_RUNS` results, and no more than `MOST_KEPT` characters of each are kept over a reload.
import type { InvocationType, Outcome } from "./outcome";

/** Results kept for each function. */
export const MOST_RUNS = 10;
const MOST_KEPT = 100_000;

/** Where an event came from. */
export type EventKind = "template" | "saved" | "given";

/** The event in hand. */
export interface BenchEvent {
  readonly kind: EventKind;
  /** The saved event's name, or the template's id. */
  readonly name: string;
  readonly text: string;
  /** The text as it was taken up. */
  readonly original: string;
}

/** One test; it runs on while it has no outcome. */
export interface Run {
  readonly id: string;
  readonly eventName: string;
  readonly event: string;
  readonly type: InvocationType;
  readonly qualifier: string | undefined;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly outcome?: Outcome;
}

/** What a function is tested with, and what came of it. */
export interface Bench {
  /** Absent until the reader picks or edits one: the page then shows its first choice. */
  readonly event?: BenchEvent;
  /** An edited event that another one replaced. */
  readonly replaced?: BenchEvent;
  readonly type: InvocationType;
  /** Newest first. */
  readonly runs: readonly Run[];
  /** The run that shows; the newest when absent. */
  readonly shown?: string;
}

/** A bench where nothing was done yet. */
export const FRESH: Bench = { type: "RequestResponse", runs: [] };

/** The bench with another event in hand; an edited one before it can be brought back. */
export function withEvent(bench: Bench, event: BenchEvent): Bench {
  const { event: before, replaced, ...rest } = bench;
  const lost = before && isEdited(before) ? before : undefined;
  return { ...rest, event, ...(lost ? { replaced: lost } : {}) };
}

/** The bench with the replaced event in hand again. */
export function restored(bench: Bench): Bench {
  const { replaced, ...rest } = bench;
  return replaced ? { ...rest, event: replaced } : bench;
}

/** True when the text is not as it was taken up. */
export function isEdited(event: BenchEvent): boolean {
  return event.text !== event.original;
}

/** The bench with a run more, which shows. */
export function started(bench: Bench, run: Run): Bench {
  const { shown: _, ...rest } = bench;
  return { ...rest, runs: [run, ...bench.runs].slice(0, MOST_RUNS) };
}

/** The bench once a run came to its outcome. */
export function ended(bench: Bench, id: string, outcome: Outcome, endedAt: number): Bench {
  return { ...bench, runs: bench.runs.map((run) => (run.id === id && !run.outcome ? { ...run, outcome, endedAt } : run)) };
}

/** The run that shows. */
export function shownRun(bench: Bench): Run | undefined {
  return bench.runs.find((run) => run.id === bench.shown) ?? bench.runs[0];
}

/** The bench as it is kept over a reload: no runs that were cut off or are large. */
export function keepable(bench: Bench): Bench {
  const size = ({ event, outcome }: Run) => event.length + (outcome?.response?.length ?? 0) + (outcome?.log?.length ?? 0);
  return { ...bench, runs: bench.runs.filter((run) => run.outcome && size(run) <= MOST_KEPT) };
}

/** Benches by key, with those who watch them. */
export class BenchStore {
  readonly #benches = new Map<string, Bench>();
  readonly #listeners = new Set<() => void>();

  constructor(readonly storage: Pick<Storage, "getItem" | "setItem">) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  get(key: string): Bench {
    const known = this.#benches.get(key);
    if (known) return known;
    const bench = this.#restore(key);
    this.#benches.set(key, bench);
    return bench;
  }

  update(key: string, change: (bench: Bench) => Bench): void {
    const bench = change(this.get(key));
    this.#benches.set(key, bench);
    try {
      this.storage.setItem(key, JSON.stringify(keepable(bench)));
    } catch {
      // The browser's storage is full or forbidden: the bench lives until the page is left.
    }
    this.#listeners.forEach((listener) => listener());
  }

  #restore(key: string): Bench {
    try {
      const kept: unknown = JSON.parse(this.storage.getItem(key) ?? "null");
      return typeof kept === "object" && kept !== null && Array.isArray((kept as Bench).runs) ? { ...FRESH, ...kept } : FRESH;
    } catch {
      return FRESH;
    }
  }
}

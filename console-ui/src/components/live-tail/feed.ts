// The lines of a live tail on their way to the page: a bounded ring that is shown anew once per frame at most, can be held still, and
// knows its rate. No React here.
import type { LogLine } from "../../log/line";
import { sameness } from "../../log/line";
import { Rate } from "../../log/rate";
import { Ring } from "../../log/ring";

/** As many lines as are kept. */
export const MOST_TAILED = 10_000;

/** How the tail stands. */
export type TailStatus =
  | { readonly kind: "idle" | "connecting" | "live" | "polling" | "hidden" }
  /** The group is not there (yet). */
  | { readonly kind: "absent" }
  | { readonly kind: "reconnecting" | "failed"; readonly error: unknown };

/** What the page shows. */
export interface TailView {
  readonly lines: readonly LogLine[];
  readonly status: TailStatus;
  /** Lines that came since the tail started or was cleared. */
  readonly received: number;
  readonly perSecond: number;
  readonly isSampled: boolean;
  readonly isPaused: boolean;
  /** Lines that came while it was held still. */
  readonly waiting: number;
  /** What happened to the connection last, with its time. */
  readonly resumed: { readonly why: "hidden" | "lost"; readonly from: number; readonly to: number; readonly isGap: boolean } | undefined;
}

const EMPTY: TailView = {
  lines: [],
  status: { kind: "idle" },
  received: 0,
  perSecond: 0,
  isSampled: false,
  isPaused: false,
  waiting: 0,
  resumed: undefined,
};

/** The store of one tail. */
export class TailFeed {
  readonly #ring = new Ring<LogLine>(MOST_TAILED);
  readonly #rate = new Rate();
  readonly #listeners = new Set<() => void>();
  #view = EMPTY;
  #frame: number | undefined;
  #received = 0;
  #sampledUntil = 0;
  #lastAt: number | undefined;
  #pausedAt = 0;

  readonly subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly view = () => this.#view;

  /** The time of the newest line; epoch milliseconds. */
  get lastAt(): number | undefined {
    return this.#lastAt;
  }

  /** Takes lines; those that are there already (`isRepeat`: they may be) are left out. `isOld` ones do not count in the rate. */
  add(lines: readonly LogLine[], options: { isSampled?: boolean; isRepeat?: boolean; isOld?: boolean } = {}): void {
    const fresh = options.isRepeat ? this.#unknown(lines) : lines;
    const now = performance.now();
    if (options.isSampled) this.#sampledUntil = now + 5_000;
    if (fresh.length > 0) {
      this.#ring.push(fresh);
      if (!options.isOld) this.#rate.add(fresh.length, now);
      this.#received += fresh.length;
      for (const { at } of fresh) if (this.#lastAt === undefined || at > this.#lastAt) this.#lastAt = at;
    }
    this.#publishSoon();
  }

  setStatus(status: TailStatus): void {
    this.#publish({ status });
  }

  /** Says that the tail goes on after it was away. */
  setResumed(resumed: TailView["resumed"]): void {
    this.#publish({ resumed });
  }

  /** Counts anew how things stand, for rates fall without anything coming. */
  tick(): void {
    this.#publishSoon();
  }

  pause(): void {
    this.#pausedAt = this.#received;
    this.#publish({ isPaused: true, waiting: 0 });
  }

  resume(): void {
    this.#publish({ isPaused: false, waiting: 0 });
  }

  /** Forgets the lines. */
  clear(): void {
    this.#ring.clear();
    this.#received = 0;
    this.#pausedAt = 0;
    this.#publish({ lines: [], waiting: 0 });
  }

  /** As new, for another choice. */
  reset(): void {
    this.#lastAt = undefined;
    this.#sampledUntil = 0;
    this.#view = EMPTY;
    this.clear();
  }

  #unknown(lines: readonly LogLine[]): readonly LogLine[] {
    const first = lines[0]?.at;
    if (first === undefined) return lines;
    const known = new Set(this.#ring.snapshot().filter(({ at }) => at >= first).map(sameness));
    return known.size === 0 ? lines : lines.filter((line) => !known.has(sameness(line)));
  }

  #publishSoon(): void {
    // A hidden page has no frames; it shows what came when it is seen again.
    this.#frame ??= requestAnimationFrame(() => this.#publish({}));
  }

  #publish(changed: Partial<TailView>): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    const isPaused = changed.isPaused ?? this.#view.isPaused;
    const now = performance.now();
    this.#view = {
      ...this.#view,
      received: this.#received,
      perSecond: this.#rate.perSecond(now),
      isSampled: now < this.#sampledUntil,
      ...(isPaused ? { waiting: this.#received - this.#pausedAt } : { lines: this.#ring.snapshot() }),
      ...changed,
    };
    this.#listeners.forEach((listener) => listener());
  }
}

// How many things came per second, lately.

const WINDOW_MS = 5_000;
/** Batches closer together than this are counted as one. */
const GRAIN_MS = 100;

/** Counts over the last seconds. Times are milliseconds of any clock that only goes forward. */
export class Rate {
  readonly #batches: Array<{ at: number; count: number }> = [];
  #since: number | undefined;

  /** `count` things came at `now`. */
  add(count: number, now: number): void {
    this.#since ??= now;
    const last = this.#batches.at(-1);
    if (last && now - last.at < GRAIN_MS) last.count += count;
    else this.#batches.push({ at: now, count });
    this.#forget(now);
  }

  /** Things per second, over the window or since the first one, whichever is shorter (one second at least). */
  perSecond(now: number): number {
    this.#forget(now);
    if (this.#since === undefined) return 0;
    const seconds = Math.max(1_000, Math.min(WINDOW_MS, now - this.#since)) / 1_000;
    return this.#batches.reduce((sum, { count }) => sum + count, 0) / seconds;
  }

  #forget(now: number): void {
    while (this.#batches.length > 0 && now - this.#batches[0]!.at > WINDOW_MS) this.#batches.shift();
    if (this.#batches.length === 0) this.#since = undefined;
  }
}

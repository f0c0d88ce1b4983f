// A bounded row of items: what is pushed onto a full one takes the place of the oldest.

/** Keeps the newest `capacity` items. */
export class Ring<T> {
  readonly #items: T[] = [];
  #start = 0;
  #dropped = 0;

  constructor(readonly capacity: number) {
    if (!Number.isInteger(capacity) || capacity < 1) throw new RangeError("a ring holds one item at least");
  }

  /** How many items it holds. */
  get size(): number {
    return this.#items.length;
  }

  /** How many items had to make room since it was made or cleared. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Adds items, in their order. */
  push(items: readonly T[]): void {
    // Of more than it can hold, only the last ones would stay.
    const skipped = Math.max(0, items.length - this.capacity);
    this.#dropped += skipped;
    for (let i = skipped; i < items.length; i++) {
      if (this.#items.length < this.capacity) {
        this.#items.push(items[i]!);
        continue;
      }
      this.#items[this.#start] = items[i]!;
      this.#start = (this.#start + 1) % this.capacity;
      this.#dropped++;
    }
  }

  /** The items, oldest first: a copy that later pushes leave alone. */
  snapshot(): readonly T[] {
    return [...this.#items.slice(this.#start), ...this.#items.slice(0, this.#start)];
  }

  /** Empties it. */
  clear(): void {
    this.#items.length = 0;
    this.#start = 0;
    this.#dropped = 0;
  }
}

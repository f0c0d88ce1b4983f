// Rows of keys and values as they are typed, and how typed changes are laid over what others saved meanwhile. Pure.

/** A row of an editor. */
export interface Pair {
  readonly key: string;
  readonly value: string;
  /** Whether it was there when the form was opened. */
  readonly isStored: boolean;
}

/** Values by key. */
export type Values = Readonly<Record<string, string>>;

/** The rows of stored values, by key. */
export function pairsOf(values: Values): readonly Pair[] {
  return Object.entries(values)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => ({ key, value, isStored: true }));
}

/** The values that rows stand for. */
export function valuesOf(pairs: readonly Pair[]): Values {
  return Object.fromEntries(pairs.map(({ key, value }) => [key.trim(), value]));
}

/** The keys whose values differ, or that only one has. */
export function differingKeys(one: Values, other: Values): readonly string[] {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].filter((key) => one[key] !== other[key]).sort();
}

/** What makes `to` of `from`. */
export function changeOf(from: Values, to: Values): { readonly set: Values; readonly removed: readonly string[] } {
  const set = Object.entries(to).filter(([key, value]) => from[key] !== value);
  return { set: Object.fromEntries(set), removed: Object.keys(from).filter((key) => !(key in to)) };
}

/** The change from `before` to `mine`, made on `now`. */
export function rebased(before: Values, mine: Values, now: Values): Values {
  const { set, removed } = changeOf(before, mine);
  const kept = Object.entries(now).filter(([key]) => !removed.includes(key));
  return { ...Object.fromEntries(kept), ...set };
}

/** Whether an earlier or later row has the key too. */
export function isRepeated(pairs: readonly Pair[], index: number): boolean {
  const key = pairs[index]?.key.trim();
  return key !== "" && pairs.some((pair, other) => other !== index && pair.key.trim() === key);
}

// Counts and sorts the pool for its page. Pure.
import type { Sandbox } from "../../api/sandboxes";

/** How many sandboxes each function has, by name. */
export function countsByFunction(sandboxes: readonly Sandbox[]): ReadonlyArray<readonly [string, number]> {
  const counts = new Map<string, number>();
  for (const { function: name } of sandboxes) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** How long a sandbox has idled, milliseconds; none while it works. The server's clock may be ahead of the browser's. */
export function idleMs(sandbox: Sandbox, now: number): number | undefined {
  return sandbox.state === "idle" ? Math.max(0, now - sandbox.lastUsedAt) : undefined;
}

/** How long something has lived, milliseconds. */
export function ageMs(startedAt: number | null, now: number): number | undefined {
  return startedAt === null ? undefined : Math.max(0, now - startedAt);
}

/** The sandboxes to list: the one with the id while it lives, else those of the function, else all. */
export function sandboxesOf(
  sandboxes: readonly Sandbox[],
  { id, function: name }: { id: string | undefined; function: string | undefined },
): readonly Sandbox[] {
  const one = sandboxes.filter((sandbox) => sandbox.id === id);
  if (one.length > 0) return one;
  return name === undefined ? sandboxes : sandboxes.filter((sandbox) => sandbox.function === name);
}

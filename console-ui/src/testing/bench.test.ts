import { describe, expect, it, vi } from "vitest";
import { BenchStore, ended, FRESH, MOST_RUNS, restored, shownRun, started, withEvent, type BenchEvent, type Run } from "./bench";

const event = (name: string, text = "{}"): BenchEvent => ({ kind: "template", name, text, original: "{}" });
const run = (id: string, event = "{}"): Run => ({ id, eventName: "e", event, type: "RequestResponse", qualifier: undefined, startedAt: 1 });
const storage = () => {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
};

describe("the bench", () => {
  it("can bring back an edited event, not an untouched one", () => {
    expect(withEvent({ ...FRESH, event: event("a") }, event("b")).replaced).toBeUndefined();
    const bench = withEvent({ ...FRESH, event: event("a", "[1]") }, event("b"));
    expect(bench.replaced?.text).toBe("[1]");
    expect(restored(bench)).toEqual({ ...FRESH, event: event("a", "[1]") });
  });

  it("keeps the last results, and shows the newest unless another is chosen", () => {
    let bench = FRESH;
    for (let index = 0; index < MOST_RUNS + 3; index++) bench = started({ ...bench, shown: "0" }, run(String(index)));
    expect(bench.runs).toHaveLength(MOST_RUNS);
    expect(shownRun(bench)?.id).toBe(String(MOST_RUNS + 2));
    expect(shownRun({ ...bench, shown: "9" })?.id).toBe("9");
  });

  it("takes a run's first outcome", () => {
    const bench = ended(started(FRESH, run("a")), "a", { status: "stopped" }, 2);
    expect(ended(bench, "a", { status: "succeeded" }, 3)).toEqual(bench);
  });

  it("survives a reload, without runs that were cut off or are large", () => {
    const kept = storage();
    const store = new BenchStore(kept);
    store.update("k", (bench) => ended(started(bench, run("a")), "a", { status: "succeeded" }, 2));
    store.update("k", (bench) => ended(started(bench, run("b", "x".repeat(100_001))), "b", { status: "succeeded" }, 2));
    store.update("k", (bench) => started(bench, run("c")));
    expect(new BenchStore(kept).get("k").runs.map(({ id }) => id)).toEqual(["a"]);
    kept.setItem("k", "{oops");
    expect(new BenchStore(kept).get("k")).toBe(FRESH);
  });

  it("works where nothing can be kept, and tells its watchers", () => {
    const store = new BenchStore({
      getItem: () => null,
      setItem: () => {
        throw new Error("full");
      },
    });
    const listener = vi.fn();
    const leave = store.subscribe(listener);
    store.update("k", (bench) => ({ ...bench, type: "Event" }));
    leave();
    store.update("k", (bench) => ({ ...bench, type: "DryRun" }));
    expect([store.get("k").type, listener.mock.calls.length]).toEqual(["DryRun", 1]);
  });
});

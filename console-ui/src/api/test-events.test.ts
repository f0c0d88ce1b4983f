import { describe, expect, it } from "vitest";
import { EVENT_NAME, firstChoice, templatesOf } from "./test-events";

const templates = templatesOf({ sqs: {}, "hello-world": { key1: "v" } }, [
  { id: "api", name: "HTTP API", description: "Answers HTTP.", events: { get: { a: 1 } } },
]);

describe("the first choice of an event", () => {
  it("is the last one saved", () => {
    const saved = [
      { name: "a", event: "1", modifiedAt: 1 },
      { name: "b", event: "2", modifiedAt: 2 },
    ];
    expect(firstChoice(saved, templates, undefined)).toEqual({ kind: "saved", name: "b", text: "2" });
  });

  it("is else the blueprint's own, or the simplest", () => {
    expect(firstChoice([], templates, "Answers HTTP.")).toEqual({ kind: "template", name: "api/get", text: '{\n  "a": 1\n}' });
    expect(firstChoice([], templates, "")?.name).toBe("hello-world");
    expect(firstChoice([], [], "")).toBeUndefined();
  });
});

it("a saved event's name goes into an address", () => {
  expect(["a", "a.b_c-1", "", "a b", "é", "x".repeat(65)].map((name) => EVENT_NAME.test(name))).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
});

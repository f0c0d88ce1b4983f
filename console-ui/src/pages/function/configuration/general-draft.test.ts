import { expect, test } from "vitest";
import { fieldOfMessage, generalChange, generalDifferences, generalDraftOf, generalErrors } from "./general-draft";

const draft = generalDraftOf({
  Description: "d",
  MemorySize: 256,
  EphemeralStorage: { Size: 512 },
  Timeout: 63,
  Handler: "app.handler",
  Runtime: "python3.13",
  Role: "arn:aws:iam::000000000000:role/service-role/r",
});

test("a timeout is minutes and seconds", () => {
  expect([draft.minutes, draft.seconds]).toEqual(["1", "3"]);
  expect(generalChange(draft, { ...draft, minutes: "", seconds: "90" })).toEqual({ Timeout: 90 });
  expect(generalChange(draft, { ...draft, minutes: "0", seconds: "63" })).toEqual({});
});

test("what AWS refuses is seen before it is sent", () => {
  expect(generalErrors(draft).size).toBe(0);
  const wrong = generalErrors({
    description: "é".repeat(257),
    memory: "127",
    storage: "10241",
    minutes: "15",
    seconds: "1",
    handler: "a b",
    runtime: "python3.13",
    role: "admin",
  });
  expect([...wrong]).toEqual(["description", "memory", "storage", "timeout", "handler", "role"]);
  expect(generalErrors({ ...draft, minutes: "0", seconds: "0" }).has("timeout")).toBe(true);
  expect(generalErrors({ ...draft, minutes: "-1" }).has("timeout")).toBe(true);
  expect(generalErrors({ ...draft, memory: "1e3" }).has("memory")).toBe(true);
  expect(generalErrors({ ...draft, memory: "" }).has("memory")).toBe(true);
});

test("only what was changed is asked for", () => {
  const typed = { ...draft, memory: "512", description: "" };
  expect(generalDifferences(draft, typed)).toEqual(["description", "memory"]);
  expect(generalChange(draft, typed)).toEqual({ Description: "", MemorySize: 512 });
});

test("a refusal is shown beside its field", () => {
  expect(fieldOfMessage("1 validation error detected: Value '64' at 'memorySize' failed to satisfy constraint: …")).toBe("memory");
  expect(fieldOfMessage("Value '1' at 'ephemeralStorage.size' failed")).toBe("storage");
  expect(fieldOfMessage("The runtime parameter of go1.x is no longer supported")).toBe("runtime");
  expect(fieldOfMessage("Something else")).toBeUndefined();
});

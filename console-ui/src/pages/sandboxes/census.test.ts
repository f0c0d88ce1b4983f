import { expect, test } from "vitest";
import type { Sandbox } from "../../api/sandboxes";
import { ageMs, countsByFunction, idleMs, sandboxesOf } from "./census";

const sandbox = (name: string, state: Sandbox["state"] = "idle"): Sandbox => ({
  id: "s",
  function: name,
  version: "$LATEST",
  runtime: "python3.13",
  state,
  startedAt: 1_000,
  lastUsedAt: 5_000,
  uses: 1,
  memorySizeMb: 128,
  memoryBytes: null,
  coldStartReason: "first",
  startPath: "pool-hit",
  requestId: null,
});

test("sandboxes are counted by function", () => {
  expect(countsByFunction([sandbox("b"), sandbox("a"), sandbox("b")])).toEqual([
    ["a", 1],
    ["b", 2],
  ]);
});

test("only an idle sandbox idles, and never less than not at all", () => {
  expect(idleMs(sandbox("a"), 8_000)).toBe(3_000);
  expect(idleMs(sandbox("a"), 4_000)).toBe(0);
  expect(idleMs(sandbox("a", "busy"), 8_000)).toBeUndefined();
  expect(ageMs(1_000, 8_000)).toBe(7_000);
  expect(ageMs(null, 8_000)).toBeUndefined();
});

test("one sandbox is listed alone while it lives", () => {
  const all = [{ ...sandbox("a"), id: "1" }, { ...sandbox("b"), id: "2" }];
  expect(sandboxesOf(all, { id: "2", function: undefined })).toEqual([all[1]]);
  expect(sandboxesOf(all, { id: "gone", function: undefined })).toEqual(all);
  expect(sandboxesOf(all, { id: undefined, function: "a" })).toEqual([all[0]]);
});

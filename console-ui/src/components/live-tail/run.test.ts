import { expect, test } from "vitest";
import { LONGEST_GAP_MS, missedSince, searchesOf } from "./run";

const NOW = 10_000_000;

test("the first lines are those of the minutes asked for", () => {
  expect(missedSince(undefined, 0, false, NOW)).toBeUndefined();
  expect(missedSince(undefined, 5, false, NOW)).toBe(NOW - 300_000);
});

test("after it was away, a tail goes on where it was, but not from too far back", () => {
  expect(missedSince(NOW - 1_000, 5, true, NOW)).toBe(NOW - 1_000);
  expect(missedSince(NOW - 2 * LONGEST_GAP_MS, 5, true, NOW)).toBe(NOW - LONGEST_GAP_MS);
  expect(missedSince(undefined, 5, true, NOW)).toBe(NOW);
});

test("a stream's prefix is of one group only", () => {
  expect(searchesOf({ groups: ["a"], prefix: "p", pattern: "x" })).toEqual([{ group: "a", pattern: "x", prefix: "p" }]);
  expect(searchesOf({ groups: ["a", "b"], prefix: "p", pattern: "" })).toEqual([
    { group: "a", pattern: "" },
    { group: "b", pattern: "" },
  ]);
});

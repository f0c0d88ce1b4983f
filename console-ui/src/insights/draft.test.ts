import { expect, test } from "vitest";
import { draftAt } from "./draft";
import { FIRST_QUERY } from "./samples";

test("what was typed comes back where it was typed, and on the page without a query", () => {
  const kept = { text: "fields @message", of: FIRST_QUERY };
  expect(draftAt(FIRST_QUERY, kept)).toEqual(kept);
  expect(draftAt(FIRST_QUERY, { text: "stats count(*)", of: "limit 1" }).text).toBe("stats count(*)");
  expect(draftAt("limit 1", { text: "limit 10", of: "limit 1" }).text).toBe("limit 10");
});

test("a query in the address counts more than what was typed elsewhere", () => {
  expect(draftAt("limit 1", { text: "fields @message", of: FIRST_QUERY })).toEqual({ text: "limit 1", of: "limit 1" });
  expect(draftAt("limit 1", undefined)).toEqual({ text: "limit 1", of: "limit 1" });
});

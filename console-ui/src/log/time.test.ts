import { expect, test } from "vitest";
import { timeParts, zoneName } from "./time";

test("UTC is UTC", () => {
  expect(timeParts(1_000_000_000_123, "utc")).toEqual({ date: "2001-09-09", clock: "01:46:40.123" });
  expect(zoneName(0, "utc")).toBe("UTC");
});

test("the local clock is the machine's", () => {
  const at = new Date(2026, 0, 31, 23, 5, 6, 7).getTime();
  expect(timeParts(at, "local")).toEqual({ date: "2026-01-31", clock: "23:05:06.007" });
  expect(zoneName(at, "local")).toMatch(/^UTC([+-]\d\d:\d\d)?$/);
});

test("a time that is none breaks nothing", () => {
  expect(timeParts(Number.NaN, "utc").date).toBe("–");
});

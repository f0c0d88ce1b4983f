import { describe, expect, it } from "vitest";
import { isRange, lengthOf, parseRange, PRESETS, readRange, spanOf, writeRange } from "./range";

const HOUR = 3_600_000;

describe("a range in an address", () => {
  it("comes back as it was written", () => {
    for (const text of [...PRESETS, "90m", "1700000000-1700003600"]) {
      expect(writeRange(parseRange(text)!)).toBe(text);
    }
  });

  it("is the fallback when it makes no sense", () => {
    for (const text of [null, "", "h", "0h", "-1h", "3y", "999999w", "5-5", "9-3", "0-99999999999", "1h-2h", "NaN-1"]) {
      expect(readRange(text, "12h")).toEqual({ kind: "relative", amount: 12, unit: "hour" });
    }
  });
});

describe("a span", () => {
  const now = Date.UTC(2025, 0, 1, 12, 34, 56);

  it("ends with the period that is under way, and is as long as asked", () => {
    const span = spanOf(readRange("3h"), now, 300);
    expect(span.to).toBe(Date.UTC(2025, 0, 1, 12, 35));
    expect(span.to - span.from).toBe(3 * HOUR);
  });

  it("has the period that begins now", () => {
    expect(spanOf(readRange("1h"), Date.UTC(2025, 0, 1), 60).to).toBe(Date.UTC(2025, 0, 1, 0, 1));
  });

  it("is widened to whole periods", () => {
    const range = { kind: "absolute", from: now, to: now + HOUR } as const;
    const span = spanOf(range, now, 3_600);
    expect(span).toEqual({ from: Date.UTC(2025, 0, 1, 12), to: Date.UTC(2025, 0, 1, 14) });
    expect(lengthOf(range)).toBe(HOUR);
  });

  it("cannot end before it begins", () => {
    expect(isRange({ kind: "absolute", from: 2, to: 1 })).toBe(false);
    expect(isRange({ kind: "relative", amount: 70, unit: "week" })).toBe(false);
  });
});

import { describe, expect, it } from "vitest";
import { choosePeriod, MOST_POINTS, PERIODS, shortestPeriod } from "./period";
import { lengthOf, PRESETS, readRange } from "./range";

const DAY = 86_400_000;

describe("a period", () => {
  it("suits each range of CloudWatch's console", () => {
    const periods = PRESETS.map((preset) => choosePeriod({ lengthMs: lengthOf(readRange(preset)) }));
    expect(periods).toEqual([60, 60, 60, 60, 300, 900, 900]);
  });

  it("is longer where few points are wanted", () => {
    const periods = PRESETS.map((preset) => choosePeriod({ lengthMs: lengthOf(readRange(preset)), mostPoints: 360 }));
    expect(periods).toEqual([60, 60, 300, 300, 900, 3_600, 3_600]);
  });

  it("never makes too many points, unless none is long enough", () => {
    for (let lengthMs = 60_000; lengthMs < 450 * DAY; lengthMs *= 1.7) {
      const period = choosePeriod({ lengthMs, atLeastS: 1 });
      expect(PERIODS).toContain(period);
      expect(lengthMs / 1_000 / period).toBeLessThanOrEqual(MOST_POINTS);
    }
    expect(choosePeriod({ lengthMs: 9_000 * DAY })).toBe(86_400);
  });

  it("is one that CloudWatch still has for old data", () => {
    expect(shortestPeriod(3 * 3_600_000)).toBe(1);
    expect(shortestPeriod(4 * 3_600_000)).toBe(60);
    expect(choosePeriod({ lengthMs: 3_600_000, ageMs: 14 * DAY })).toBe(60);
    expect(choosePeriod({ lengthMs: 3_600_000, ageMs: 20 * DAY })).toBe(300);
    expect(choosePeriod({ lengthMs: 3_600_000, ageMs: 100 * DAY })).toBe(3_600);
    expect(choosePeriod({ lengthMs: 15 * DAY, mostPoints: 100_000 })).toBe(60);
  });

  it("is no shorter than asked, and seconds only while they are kept", () => {
    expect(choosePeriod({ lengthMs: 3_600_000, atLeastS: 300 })).toBe(300);
    expect(choosePeriod({ lengthMs: 600_000, atLeastS: 1 })).toBe(1);
    expect(choosePeriod({ lengthMs: 600_000, ageMs: DAY, atLeastS: 1 })).toBe(60);
    expect(choosePeriod({ lengthMs: DAY, atLeastS: 7_200 })).toBe(21_600);
  });
});

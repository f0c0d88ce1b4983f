import { describe, expect, it } from "vitest";
import { axisOf, isDateTick, timeTicks } from "./axis";

const HOUR = 3_600_000;

describe("an axis of values", () => {
  it("has round ticks from zero", () => {
    expect(axisOf(3, 87, 4).ticks).toEqual([0, 25, 50, 75, 100]);
    expect(axisOf(0, 0.7, 4).ticks).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    expect(axisOf(-3, 5, 4).ticks).toEqual([-4, -2, 0, 2, 4, 6]);
    expect(axisOf(0, 0, 4, "Count").ticks).toEqual([0, 1]);
    expect(axisOf(0, 100, 4, "Percent").ticks).toEqual([0, 25, 50, 75, 100]);
  });

  it("counts in whole numbers, time in seconds and minutes, bytes in powers of 1,024", () => {
    expect(axisOf(0, 3, 6, "Count").ticks).toEqual([0, 1, 2, 3]);
    expect(axisOf(0, 0.08, 4, "Count").ticks).toEqual([0, 0.02, 0.04, 0.06, 0.08]);
    expect(axisOf(0, 3_400, 4, "Milliseconds").ticks).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(axisOf(0, 200, 4, "Seconds").ticks).toEqual([0, 60, 120, 180, 240]);
    expect(axisOf(0, 30_000, 4, "Bytes").ticks).toEqual([0, 10_240, 20_480, 30_720]);
  });

  it("covers its values with few ticks, whatever they are", () => {
    for (const most of [1e-9, 0.3, 1, 7, 99, 1e4, 123_456_789, 1e18]) {
      for (const unit of ["None", "Count", "Milliseconds", "Microseconds", "Bytes", "Gigabits/Second", "Percent"]) {
        const axis = axisOf(0, most, 4, unit);
        expect(axis.most, `${most} ${unit}`).toBeGreaterThanOrEqual(most * 0.999_999);
        expect(axis.ticks.length).toBeLessThanOrEqual(6);
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
      }
    }
  });
});

describe("a time axis", () => {
  const east = () => 2 * HOUR;

  it("has round times of the reader's zone", () => {
    const from = Date.UTC(2025, 0, 1, 3, 10);
    const { times, stepMs } = timeTicks(from, from + 12 * HOUR, 6, east);
    expect(stepMs).toBe(2 * HOUR);
    expect(times[0]).toBe(Date.UTC(2025, 0, 1, 4));
    const days = timeTicks(from, from + 72 * HOUR, 4, east);
    expect(days.times).toEqual([1, 2, 3].map((day) => Date.UTC(2025, 0, day, 22)));
    expect(isDateTick(days.times[0]!, HOUR, east)).toBe(true);
    expect(isDateTick(from, HOUR, east)).toBe(false);
  });

  it("never has too many", () => {
    for (const length of [1, 59_000, HOUR, 5 * HOUR, 40 * 24 * HOUR, 456 * 24 * HOUR]) {
      expect(timeTicks(0, length, 5, east).times.length).toBeLessThanOrEqual(9);
    }
  });
});

import { describe, expect, it } from "vitest";
import { moved, nearest, readingsAt, timesOf } from "./cursor";
import type { ChartSeries } from "./geometry";

const series = (id: string, ...points: [number, number][]): ChartSeries => ({
  id,
  label: id,
  color: "red",
  axis: "left",
  shape: "line",
  periodS: 1,
  points: points.map(([t, v]) => ({ t: t * 1_000, v })),
});

describe("a cursor", () => {
  const times = timesOf([series("a", [3, 1], [1, 1]), series("b", [2, 1], [3, 1])]);

  it("stands on times that have a point", () => {
    expect(times).toEqual([1_000, 2_000, 3_000]);
    expect(nearest(times, 2_400)).toBe(2_000);
    expect(nearest([], 1)).toBeUndefined();
  });

  it("is moved by keys, and stays within", () => {
    expect(moved(times, undefined, "ArrowRight")).toBe(1_000);
    expect(moved(times, undefined, "ArrowLeft")).toBe(3_000);
    expect(moved(times, 1_900, "ArrowRight")).toBe(3_000);
    expect(moved(times, 1_000, "ArrowLeft")).toBe(1_000);
    expect(moved(times, 1_000, "End")).toBe(3_000);
    expect(moved(times, 1_000, "PageDown")).toBe(3_000);
    expect(moved(times, 1_000, "a")).toBeUndefined();
    expect(moved([], 1_000, "Home")).toBeUndefined();
  });

  it("reads the series that have a value there, the largest when they are many", () => {
    const many = [series("a", [1, 5]), series("b", [1, 7]), series("c", [9, 9]), series("d", [1, 6])];
    expect(readingsAt(many, 1_500, 5).readings.map(({ series, value }) => [series.id, value])).toEqual([["a", 5], ["b", 7], ["d", 6]]);
    const { readings, left } = readingsAt(many, 1_500, 2);
    expect(readings.map(({ series }) => series.id)).toEqual(["b", "d"]);
    expect(left).toBe(1);
  });
});

import { describe, expect, it } from "vitest";
import { extentOf, filled, pointAt, runsOf, stacked } from "./series";

const MINUTE = 60_000;
const at = (minute: number, v = minute) => ({ t: minute * MINUTE, v });

describe("a gap", () => {
  it("is zero where nothing counted, up to now", () => {
    const points = filled([at(1, 5)], { from: 0, to: 5 * MINUTE }, 60, 2.5 * MINUTE);
    expect(points).toEqual([at(0, 0), at(1, 5), at(2, 0)]);
  });

  it("breaks a line", () => {
    expect(runsOf([at(0), at(1), at(3), at(4), at(9)], 60)).toEqual([[at(0), at(1)], [at(3), at(4)], [at(9)]]);
    expect(runsOf([], 60)).toEqual([]);
  });
});

describe("the point at a time", () => {
  const points = [at(0), at(1), at(4)];

  it("is the one of that period", () => {
    expect(pointAt(points, 1.9 * MINUTE, 60)).toEqual(at(1));
    expect(pointAt(points, 0, 60)).toEqual(at(0));
  });

  it("is a near one, but none in a gap", () => {
    expect(pointAt(points, 3.7 * MINUTE, 60)).toEqual(at(4));
    expect(pointAt(points, 3 * MINUTE, 60)).toBeUndefined();
    expect(pointAt([], 0, 60)).toBeUndefined();
  });
});

describe("values", () => {
  it("have an extent, unless there are none", () => {
    expect(extentOf([3, -1, 2])).toEqual({ least: -1, most: 3 });
    expect(extentOf([])).toBeUndefined();
  });

  it("stand on top of each other", () => {
    const [first, second] = stacked([[at(0, 2), at(1, 3)], [at(1, 4), at(2, 5)]]);
    expect(first).toEqual([{ t: 0, base: 0, top: 2 }, { t: MINUTE, base: 0, top: 3 }]);
    expect(second).toEqual([{ t: MINUTE, base: 3, top: 7 }, { t: 2 * MINUTE, base: 0, top: 5 }]);
  });
});

import { describe, expect, it } from "vitest";
import { axisOf } from "./axis";
import { areaPath, barsPath, dotsOf, layersOf, linePath, sideOf, timeAt, xOf, yOf, type ChartSeries } from "./geometry";

const MINUTE = 60_000;
const span = { from: 0, to: 10 * MINUTE };
const ground = { left: 10, top: 0, width: 100, height: 50 };
const axis = axisOf(0, 10, 5);
const at = (minute: number, v: number) => ({ t: minute * MINUTE, v });
const series = (id: string, points: ChartSeries["points"], facts: Partial<ChartSeries> = {}): ChartSeries => ({
  id,
  label: id,
  color: "red",
  axis: "left",
  shape: "line",
  periodS: 60,
  points,
  ...facts,
});

describe("a place", () => {
  it("is that of its time and value, and back", () => {
    expect(xOf(5 * MINUTE, span, ground)).toBe(60);
    expect(timeAt(60, span, ground)).toBe(5 * MINUTE);
    expect(timeAt(-50, span, ground)).toBe(0);
    expect(timeAt(500, span, ground)).toBe(span.to);
    expect(yOf(0, axis, ground)).toBe(50);
    expect(yOf(10, axis, ground)).toBe(0);
  });
});

describe("a path", () => {
  it("goes through what follows each other, and dots stand alone", () => {
    const points = [at(0, 0), at(1, 10), at(5, 5)];
    expect(linePath(points, 60, span, axis, ground)).toBe("M10,50L20,0");
    expect(dotsOf(points, 60)).toEqual([at(5, 5)]);
  });

  it("goes around areas and bars", () => {
    const layers = [{ t: 0, base: 0, top: 10 }, { t: MINUTE, base: 0, top: 5 }];
    expect(areaPath(layers, 60, span, axis, ground)).toBe("M10,0L20,25L20,50L10,50Z");
    expect(barsPath(layers, 60, span, axis, ground)).toBe("M10,50V0h8V50ZM20,50V25h8V50Z");
    expect(barsPath([{ t: 0, base: 2, top: 2 }], 60, span, axis, ground)).toBe("");
  });
});

describe("a side", () => {
  it("reaches to the top of what is stacked, in its unit", () => {
    const both = [
      series("a", [at(0, 6)], { shape: "bar", unit: "Count" }),
      series("b", [at(0, 7)], { shape: "bar", unit: "Count" }),
      series("c", [at(0, 900)], { axis: "right" }),
    ];
    const layers = layersOf(both);
    const left = sideOf(both, layers, "left", 4);
    expect(left).toMatchObject({ unit: "Count", axis: { least: 0, most: 15 } });
    expect(sideOf(both, layers, "right", 4)?.axis.most).toBe(1_000);
    expect(sideOf([series("d", [])], layers, "left", 4)).toBeUndefined();
    expect(sideOf([series("d", [at(0, 3)])], layers, "left", 4, { most: 100 })?.axis.most).toBe(100);
  });
});

import { describe, expect, it } from "vitest";
import { answersOf, batchesOf, idsIn, refusedExpression, requestOf, without, type SeriesQuery } from "./query";

const metric = (id: string): SeriesQuery => ({
  id,
  periodS: 60,
  metric: { namespace: "N", name: "M", dimensions: [["D", "1"]] },
  statistic: "Sum",
});
const math = (id: string, expression: string): SeriesQuery => ({ id, periodS: 60, expression });
const ids = (batches: SeriesQuery[][]) => batches.map((batch) => batch.map((query) => query.id));

describe("a request", () => {
  it("has the metric in full, or the expression", () => {
    expect(requestOf({ ...metric("a"), label: "A" })).toEqual({
      Id: "a",
      Label: "A",
      ReturnData: true,
      MetricStat: {
        Metric: { Namespace: "N", MetricName: "M", Dimensions: [{ Name: "D", Value: "1" }] },
        Period: 60,
        Stat: "Sum",
      },
    });
    expect(requestOf({ ...math("e", "a*2"), isHidden: true })).toEqual({ Id: "e", ReturnData: false, Expression: "a*2" });
  });

  it("is one while it is small enough", () => {
    expect(batchesOf([])).toEqual([]);
    expect(ids(batchesOf([metric("a"), metric("b")], 2))).toEqual([["a", "b"]]);
  });

  it("is split, but never between an expression and what it names", () => {
    const queries = [metric("a"), metric("b"), metric("c"), metric("d"), math("e", "d / 2"), metric("f")];
    expect(ids(batchesOf(queries, 3))).toEqual([["d", "e", "a"], ["b", "c", "f"]]);
    expect(ids(batchesOf([metric("a"), metric("b"), math("e", "SUM(METRICS())")], 2))).toEqual([["a", "b", "e"]]);
  });

  it("covers every query once", () => {
    const queries = Array.from({ length: 1_203 }, (_, at) => metric(`m${at}`));
    const batches = batchesOf(queries);
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 203]);
    expect(batches.flat()).toEqual(queries);
  });
});

describe("an expression", () => {
  it("names ids, but no functions, keywords or text", () => {
    expect(idsIn('FILL(m1, REPEAT) + 1e3*e_2 + IF(a1 > 0, "b2")')).toEqual(new Set(["m1", "e_2", "a1"]));
    expect(idsIn("AVG(METRICS())")).toBeUndefined();
  });

  it("that is refused is told apart, and what needs it goes too", () => {
    expect(refusedExpression("Error in expression 'e1': Invalid syntax")).toEqual({ id: "e1", reason: "Invalid syntax" });
    expect(refusedExpression("The parameter is required.")).toBeUndefined();
    const queries = [metric("a"), math("e1", "a +"), math("e2", "e1 * 2"), math("e3", "e2 * 2"), math("e4", "a")];
    expect(without(queries, "e1").map((query) => query.id)).toEqual(["a", "e4"]);
  });
});

describe("an answer", () => {
  const time = (minute: number) => new Date(minute * 60_000);

  it("is put together from its pages, in order", () => {
    const pages = [
      [{ Id: "a", Label: "A", Timestamps: [time(1), time(0)], Values: [1, 0], StatusCode: "PartialData" as const }],
      [
        { Id: "a", Label: "A", Timestamps: [time(2)], Values: [2], StatusCode: "Complete" as const },
        { Id: "b", Label: "B", Timestamps: [], Values: [] },
      ],
    ];
    expect(answersOf(pages)).toEqual([
      { id: "a", label: "A", points: [{ t: 0, v: 0 }, { t: 60_000, v: 1 }, { t: 120_000, v: 2 }] },
      { id: "b", label: "B", points: [] },
    ]);
  });

  it("keeps the series of an array apart, and leaves out what is no number", () => {
    const results = [
      { Id: "e", Label: "e x", Timestamps: [time(0)], Values: [1] },
      { Id: "e", Label: "e y", Timestamps: [time(0), time(1)], Values: [NaN] },
    ];
    expect(answersOf([results]).map(({ label, points }) => [label, points.length])).toEqual([["e x", 1], ["e y", 0]]);
  });

  it("keeps series of the same label apart, on and between pages", () => {
    const one = (minute: number, value: number, StatusCode: "Complete" | "PartialData" = "Complete") => ({
      Id: "e",
      Label: "e x",
      Timestamps: [time(minute)],
      Values: [value],
      StatusCode,
    });
    const pages = [[one(0, 1), one(0, 2, "PartialData")], [one(1, 3), one(1, 4)]];
    expect(answersOf(pages).map(({ points }) => points.map(({ v }) => v))).toEqual([[1], [2, 3], [4]]);
  });
});

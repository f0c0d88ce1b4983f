import { describe, expect, it } from "vitest";
import { EMPTY_GRAPH, queriesOf, titlesOf, withExpression, withMetric, withRow } from "./graph";
import { axesOf, rowIdOf, seriesOfGraph } from "./graph-series";
import { readRange } from "./range";

const metric = (name: string) => ({ namespace: "Shop", name, dimensions: [] });
const names = ["Fast", "Slow", "Size"];
const base = names.reduce((graph, name) => withMetric(graph, metric(name)), EMPTY_GRAPH);
const graph = withExpression(base, "METRICS()");
const units: Record<string, string> = { Fast: "Milliseconds", Slow: "Seconds", Size: "Bytes" };
const unitOf = (row: (typeof graph.rows)[number]) => (row.kind === "metric" ? units[row.metric.name] : undefined);
const facts = { titles: titlesOf(graph.rows), unitOf, colorOf: String };
const queries = queriesOf(graph, readRange("1h"), 0);

describe("axes", () => {
  it("are two where units differ", () => {
    expect([...axesOf(graph.rows, unitOf).values()]).toEqual(["left", "left", "right", "left"]);
  });

  it("are what was chosen, and the others go by what is left", () => {
    const chosen = withRow(withRow(graph, "m1", (row) => ({ ...row, axis: "right" })), "m2", (row) => ({ ...row, isHidden: true }));
    expect([...axesOf(chosen.rows, unitOf).values()]).toEqual(["right", "right", "left", "left"]);
  });
});

describe("series", () => {
  const point = { t: 0, v: 2 };
  const answers = [
    { id: "m1", label: "", points: [point] },
    { id: "m2", label: "", points: [point] },
    { id: "e1", label: "e1 Fast", points: [point] },
    { id: "e1", label: "e1 Slow", points: [] },
  ];

  it("share the unit of their axis", () => {
    const series = seriesOfGraph(graph, queries, answers, facts);
    expect(series.map(({ id, unit, points }) => [id, unit, points[0]?.v])).toEqual([
      ["m1", "Milliseconds", 2],
      ["m2", "Milliseconds", 2_000],
      ["m3", "Bytes", undefined],
      ["e1/0", undefined, 2],
      ["e1/1", undefined, undefined],
    ]);
    expect(series.map(({ id }) => rowIdOf(id))).toEqual(["m1", "m2", "m3", "e1", "e1"]);
    expect(series[3]!.label).toBe("e1 Fast");
    const alike = answers.map((answer) => ({ ...answer, label: "e1 Fast" }));
    expect(seriesOfGraph(graph, queries, alike, facts).slice(3).map(({ label }) => label)).toEqual(["e1 Fast (1)", "e1 Fast (2)"]);
  });

  it("of hidden rows have no points", () => {
    const hidden = withRow(graph, "m1", (row) => ({ ...row, isHidden: true }));
    expect(seriesOfGraph(hidden, queries, answers, facts)[0]!.points).toEqual([]);
  });
});

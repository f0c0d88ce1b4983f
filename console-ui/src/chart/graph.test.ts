import { describe, expect, it } from "vitest";
import { duplicated, EMPTY_GRAPH, freshId, isStatistic, MOST_ROWS, queriesOf, titlesOf, withExpression, withMetric, withoutMetric, withRow } from "./graph";
import { readRange } from "./range";

const duration = (name: string) => ({ namespace: "AWS/Lambda", name: "Duration", dimensions: [["FunctionName", name]] as const });

describe("a graph", () => {
  const graph = withExpression(withMetric(withMetric(EMPTY_GRAPH, duration("a")), duration("b"), "p99"), "m1 - m2");

  it("gives each row an id, and loses rows", () => {
    expect(graph.rows.map((row) => row.id)).toEqual(["m1", "m2", "e1"]);
    const less = withoutMetric(graph, duration("a"));
    expect(less.rows.map((row) => row.id)).toEqual(["m2", "e1"]);
    expect(freshId(less.rows, "m")).toBe("m1");
    expect(withRow(graph, "e1", (row) => ({ ...row, axis: "right" })).rows[2]).toMatchObject({ axis: "right", expression: "m1 - m2" });
  });

  it("has copies of rows beside them", () => {
    expect(duplicated(graph, "m1").rows.map((row) => row.id)).toEqual(["m1", "m3", "m2", "e1"]);
  });

  it("has an end", () => {
    let full = EMPTY_GRAPH;
    for (let at = 0; at < MOST_ROWS + 5; at++) full = withMetric(full, duration(String(at)));
    expect(full.rows.length).toBe(MOST_ROWS);
    expect(withExpression(full, "m1")).toBe(full);
  });

  it("is titled by what tells its rows apart", () => {
    expect([...titlesOf(graph.rows).values()]).toEqual(["Duration Average a", "Duration p99 b", "m1 - m2"]);
    expect([...titlesOf(graph.rows.slice(0, 1)).values()]).toEqual(["Duration"]);
    const ofAll = withMetric(withMetric(EMPTY_GRAPH, duration("a")), { ...duration("a"), dimensions: [] });
    expect([...titlesOf(ofAll.rows).values()]).toEqual(["Duration a", "Duration"]);
    expect(titlesOf([{ ...graph.rows[0]!, label: "mine" }]).get("m1")).toBe("mine");
  });

  it("asks with the periods that suit, of expressions too", () => {
    const slow = withRow(graph, "m2", (row) => ({ ...row, periodS: 3_600 }));
    const queries = queriesOf(slow, readRange("3h"), 0);
    expect(queries.map(({ id, periodS }) => [id, periodS])).toEqual([["m1", 60], ["m2", 3_600], ["e1", 3_600]]);
    expect(queriesOf(withExpression(EMPTY_GRAPH, " "), readRange("3h"), 0)).toEqual([]);
  });
});

describe("a statistic", () => {
  it("is one of CloudWatch's", () => {
    for (const text of ["Sum", "p99.9", "tm90", "PR(:300)", "IQM", "TM(2%:98%)"]) expect(isStatistic(text), text).toBe(true);
    for (const text of ["", "sum", "p", "Median", "p99;", "TM90"]) expect(isStatistic(text), text).toBe(false);
  });
});

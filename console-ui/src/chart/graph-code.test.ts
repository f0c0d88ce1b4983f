import { describe, expect, it } from "vitest";
import type { Graph, Row } from "./graph";
import { readGraph, writeGraph } from "./graph-code";

const metric = (facts: Partial<Extract<Row, { kind: "metric" }>> = {}): Row => ({
  kind: "metric",
  id: "m1",
  metric: { namespace: "AWS/Lambda", name: "Errors", dimensions: [["FunctionName", "hello"]] },
  statistic: "Sum",
  periodS: 0,
  label: "",
  axis: "auto",
  isHidden: false,
  ...facts,
});

const graph: Graph = {
  view: "stacked",
  rows: [
    metric(),
    metric({ id: "m2", statistic: "p99", periodS: 300, label: "slow *_ 50% & 慢", axis: "right", isHidden: true }),
    metric({ id: "m3", metric: { namespace: "A*B", name: "**", dimensions: [["D.-_*", " + ="], ["é", "#?"]] } }),
    { kind: "expression", id: "e1", expression: "100 * m1 / FILL(m2, 0)", label: "", axis: "left", isHidden: false },
    metric({ id: "m4", metric: { namespace: "N", name: "none", dimensions: [] }, statistic: "TM(2%:98%)" }),
  ],
};

describe("a graph in an address", () => {
  it("comes back as it was written", () => {
    expect(readGraph(writeGraph(graph))).toEqual({ graph, isWhole: true });
    const search = new URLSearchParams({ graph: writeGraph(graph) });
    expect(readGraph(new URLSearchParams(search.toString()).get("graph")).graph).toEqual(graph);
  });

  it("is legible, and does not repeat itself", () => {
    const duration = { namespace: "AWS/Lambda", name: "Duration", dimensions: [["FunctionName", "hello"]] } as const;
    const rows = [metric(), metric({ id: "m2", axis: "right", metric: duration })];
    expect(writeGraph({ view: "lines", rows })).toBe(
      "1*_lines*.m*_m1*_Sum*_0*_*_AWS/Lambda*_Errors*_FunctionName*_hello*.mr*_m2*-*-*_*-*_Duration*-*-",
    );
  });

  it("is empty where there is none", () => {
    expect(readGraph(null)).toEqual({ graph: { view: "lines", rows: [] }, isWhole: true });
    expect(readGraph(writeGraph({ view: "bars", rows: [] }))).toEqual({ graph: { view: "bars", rows: [] }, isWhole: true });
  });

  it("keeps what makes sense of one that was cut or mistyped, and says so", () => {
    const good = writeGraph({ view: "lines", rows: [metric()] });
    const bad = ["x*_m2*_Sum", "m*_M*_Sum*_0*_*_N*_A", "m*_m2*_Sum*_7*_*_N*_A", "m*_m2*_Most*_0*_*_N*_A", "m*_m2*_Sum*_0*_*_N", "m*_m2*_Sum*_0*_*_N*_A*_D", "e*_e1*_"];
    for (const row of bad) {
      expect(readGraph(`${good}*.${row}`), row).toEqual({ graph: { view: "lines", rows: [metric()] }, isWhole: false });
    }
    for (const text of ["2*_lines", "1*_pie", "hello", "*", "***", "x".repeat(70_000)]) {
      expect(readGraph(text), text.slice(0, 9)).toMatchObject({ graph: { rows: [] }, isWhole: false });
    }
  });

  it("gives a second row of an id one of its own", () => {
    const { graph } = readGraph(writeGraph({ view: "lines", rows: [metric(), metric()] }));
    expect(graph.rows.map((row) => row.id)).toEqual(["m1", "m2"]);
  });

  it("never throws, wherever it is cut or changed", () => {
    const text = writeGraph(graph);
    for (let at = 0; at < text.length; at++) {
      for (const mark of ["", "*", "*.", "*-", "_"]) readGraph(text.slice(0, at) + mark + text.slice(at + 1));
      readGraph(text.slice(0, at));
    }
  });
});

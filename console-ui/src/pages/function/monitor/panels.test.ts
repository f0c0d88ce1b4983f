import { describe, expect, it } from "vitest";
import { readGraph, writeGraph } from "../../../chart/graph-code";
import { isId } from "../../../chart/graph";
import { batchesOf, idsIn } from "../../../chart/query";
import { en } from "../../../i18n/messages";
import { graphOf, hasData, metricOf, panelsOf, queriesOf, seriesOf } from "./panels";

const all = panelsOf({ name: "f", qualifier: undefined }, en);
const panel = (id: string) => all.find((panel) => panel.id === id)!;
const MINUTE = 60_000;

describe("the charts of a function", () => {
  it("are asked for in one request, by ids that CloudWatch takes", () => {
    const queries = queriesOf(all, 60);
    const ids = queries.map(({ id }) => id);
    expect(batchesOf(queries).length).toBe(1);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !isId(id))).toEqual([]);
    for (const query of queries) {
      if ("expression" in query) for (const id of idsIn(query.expression)!) expect(ids).toContain(id);
    }
  });

  it("are those of a version or alias by its resource, which has no reasons", () => {
    const target = { name: "f", qualifier: "live" };
    expect(metricOf(target, "Errors").dimensions).toEqual([["FunctionName", "f"], ["Resource", "f:live"]]);
    const cold = panelsOf(target, en).find(({ id }) => id === "coldStarts")!;
    expect(cold.curves.length).toBe(1);
    expect(panel("coldStarts").curves.length).toBe(8);
  });

  it("count zero where nothing was counted, and have gaps where nothing was measured", () => {
    const answers = [
      { id: "errors", label: "", points: [{ t: 0, v: 2 }] },
      { id: "success", label: "", points: [{ t: 0, v: 50 }] },
    ];
    const data = { span: { from: 0, to: 3 * MINUTE }, answers, refused: {} };
    const [errors, success] = seriesOf(panel("errors"), data, 60, 10 * MINUTE);
    expect(errors!.points.map(({ v }) => v)).toEqual([2, 0, 0]);
    expect(success!.points.length).toBe(1);
    expect(hasData(panel("errors"), data)).toBe(true);
    expect(hasData(panel("async"), data)).toBe(false);
    expect(seriesOf(panel("errors"), undefined, 60, 0)[0]!.points).toEqual([]);
  });

  it("open as the same graph, with what their expressions need", () => {
    const graph = graphOf(panel("errors"), all);
    expect(graph.rows.map(({ id, isHidden, axis }) => [id, isHidden, axis])).toEqual([
      ["errors", false, "auto"],
      ["success", false, "right"],
      ["invocations", true, "auto"],
    ]);
    for (const one of all) expect(readGraph(writeGraph(graphOf(one, all)))).toEqual({ graph: graphOf(one, all), isWhole: true });
  });
});

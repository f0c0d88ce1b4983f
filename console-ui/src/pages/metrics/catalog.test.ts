import { describe, expect, it } from "vitest";
import { dimensionSetsOf, matching, metricsAt, namespacesOf } from "./catalog";

const metric = (namespace: string, name: string, ...dimensions: [string, string][]) => ({ namespace, name, dimensions });
const metrics = [
  metric("AWS/Lambda", "Errors", ["FunctionName", "hello"]),
  metric("AWS/Lambda", "Errors", ["FunctionName", "orders"], ["Resource", "orders:live"]),
  metric("AWS/Lambda", "Errors"),
  metric("Shop", "Latency", ["Service", "checkout"]),
];

describe("the catalog", () => {
  it("sorts by namespace, then by names of dimensions", () => {
    expect(namespacesOf(metrics)).toEqual({ custom: [{ key: "Shop", count: 1 }], aws: [{ key: "AWS/Lambda", count: 3 }] });
    expect(dimensionSetsOf(metrics, "AWS/Lambda").map(({ key }) => key)).toEqual(["", "FunctionName", "FunctionName, Resource"]);
    expect(metricsAt(metrics, { namespace: "AWS/Lambda", dimensions: "" })).toEqual([metrics[2]]);
    expect(metricsAt(metrics, { namespace: undefined, dimensions: undefined })).toEqual(metrics);
  });

  it("finds metrics by any words of theirs", () => {
    expect(matching(metrics, "error ORDERS")).toEqual([metrics[1]]);
    expect(matching(metrics, "lambda errors hello orders")).toEqual([]);
    expect(matching(metrics, "  ")).toEqual(metrics);
  });
});

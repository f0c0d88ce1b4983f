import { describe, expect, it } from "vitest";
import { knownUnit, usualStatistic } from "./known";

const metric = (name: string, namespace = "AWS/Lambda") => ({ namespace, name, dimensions: [] });

describe("a metric of Lambda's", () => {
  it("has a unit and a statistic that tells most", () => {
    expect([knownUnit(metric("Errors")), usualStatistic(metric("Errors"))]).toEqual(["Count", "Sum"]);
    expect([knownUnit(metric("Duration")), usualStatistic(metric("Duration"))]).toEqual(["Milliseconds", "Average"]);
    expect(usualStatistic(metric("ConcurrentExecutions"))).toBe("Maximum");
  });

  it("is not mistaken for one of another namespace", () => {
    expect([knownUnit(metric("Errors", "Shop")), usualStatistic(metric("Errors", "Shop"))]).toEqual([undefined, "Average"]);
  });
});

import { describe, expect, it } from "vitest";
import { aliasFaults, aliasForm, routesOf, type AliasForm } from "./aliases";

const form: AliasForm = { name: "prod", description: "", version: "1", secondVersion: "", percent: "" };

describe("an alias", () => {
  it.each<[Partial<AliasForm>, object]>([
    [{}, {}],
    [{ name: "" }, { name: "empty" }],
    [{ name: "12" }, { name: "number" }],
    [{ name: "a b" }, { name: "pattern" }],
    [{ name: "x".repeat(129) }, { name: "long" }],
    [{ description: "x".repeat(257) }, { description: "long" }],
    [{ version: "" }, { version: "empty" }],
    [{ secondVersion: "2", percent: "12.5" }, {}],
    [{ secondVersion: "1", percent: "10" }, { secondVersion: "same" }],
    [{ version: "$LATEST", secondVersion: "1", percent: "10" }, { secondVersion: "latest" }],
    [{ secondVersion: "2", percent: "" }, { percent: "range" }],
    [{ secondVersion: "2", percent: "101" }, { percent: "range" }],
  ])("with %j has the faults %j", (change, faults) => {
    expect(aliasFaults({ ...form, ...change })).toEqual(faults);
  });

  it("reads weights as percent, and gives the rest to its version", () => {
    const alias = { Name: "prod", FunctionVersion: "1", RoutingConfig: { AdditionalVersionWeights: { 2: 0.07 } } };
    expect(routesOf(alias)).toEqual([
      { version: "1", percent: 93 },
      { version: "2", percent: 7 },
    ]);
    expect(aliasForm(alias)).toEqual({ ...form, secondVersion: "2", percent: "7" });
    expect(routesOf({ FunctionVersion: "3" })).toEqual([{ version: "3", percent: 100 }]);
  });
});

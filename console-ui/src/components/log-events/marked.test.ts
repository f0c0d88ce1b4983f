import { expect, test } from "vitest";
import { partsOf } from "./marked";

test("what is found alternates with what is between", () => {
  expect(partsOf("an Order of orders", "order")).toEqual(["an ", "Order", " of ", "order", "s"]);
  expect(partsOf("order", "order")).toEqual(["", "order", ""]);
  expect(partsOf("nothing", "order")).toEqual(["nothing"]);
  expect(partsOf("anything", "")).toEqual(["anything"]);
  expect(partsOf("İstanbul", "stan")).toEqual(["İstanbul"]);
});

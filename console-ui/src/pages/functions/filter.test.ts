import { expect, test } from "vitest";
import { textOf } from "./filter";

test("a function is found by its columns and its tags", () => {
  const text = textOf({ FunctionName: "orders", Runtime: "python3.13" }, { team: "shop" });
  expect(text.split("\n")).toEqual(["orders", "python3.13", "team=shop"]);
  expect(textOf({ FunctionName: "orders" }, undefined)).toBe("orders");
});

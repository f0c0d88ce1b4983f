import { describe, expect, it } from "vitest";
import { jsonFault, laidOut } from "./event-json";

describe("the fault of a text that is no JSON", () => {
  it.each([
    ['{"a": 1}', undefined],
    ["", [1, 1, undefined]],
    ["{", [1, 2, undefined]],
    ['{"a": 1,}', [1, 9, "}"]],
    ['{\n  "a": 1\n  "b": 2\n}', [3, 3, '"']],
    ["{'a': 1}", [1, 2, "'"]],
    ["[1, 2", [1, 6, undefined]],
    ['{"a": tru}', [1, 7, "t"]],
    ['{"a" 1}', [1, 6, "1"]],
    ["01", [1, 2, "1"]],
    ['"a\nb"', [1, 3, "\n"]],
    ['{"a": "\\x"}', [1, 8, "\\"]],
    ["{} x", [1, 4, "x"]],
  ])("%j is at %j", (text, place) => {
    const fault = jsonFault(text);
    expect(fault && [fault.line, fault.column, fault.found]).toEqual(place);
  });
});

describe("laying out", () => {
  it("indents, and keeps every digit and escape", () => {
    const text = '{"a":12345678901234567890,"b":[1.0,"x,{}\\"\\u00e9"],"c":{},"d":[ ],"e":null}';
    expect(laidOut(text)).toBe(
      '{\n  "a": 12345678901234567890,\n  "b": [\n    1.0,\n    "x,{}\\"\\u00e9"\n  ],\n  "c": {},\n  "d": [],\n  "e": null\n}',
    );
    expect(laidOut(laidOut(text))).toBe(laidOut(text));
  });

  it("leaves other text alone", () => {
    expect(laidOut("{oops")).toBe("{oops");
  });
});

import { expect, test } from "vitest";
import { boundsOf, readRange, writeRange, type Range } from "./range";

const ALL: Range = { kind: "all" };

test.each<Range>([ALL, { kind: "relative", last: "12h" }, { kind: "absolute", from: 1, to: 2 }])("a range survives the address: %o", (range) => {
  const search = new URLSearchParams("range=1m&from=5&to=6&filter=x");
  writeRange(search, range);
  expect(readRange(search, { kind: "relative", last: "1m" })).toEqual(range);
  expect(search.get("filter")).toBe("x");
});

test.each(["", "range=2y", "range=constructor", "from=1", "from=2&to=1", "from=x&to=2", "from=-1&to=2"])("%s is no range", (text) => {
  expect(readRange(new URLSearchParams(text), ALL)).toEqual(ALL);
});

test("a relative range ends where the logs do", () => {
  expect(boundsOf({ kind: "relative", last: "1m" }, 100_000)).toEqual({ from: 40_000 });
  expect(boundsOf({ kind: "absolute", from: 1, to: 2 }, 0)).toEqual({ from: 1, to: 2 });
  expect(boundsOf(ALL, 0)).toEqual({});
});

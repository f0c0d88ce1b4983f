import { describe, expect, it } from "vitest";
import { csvOf, numberRows } from "./numbers";

const columns = [
  { id: "a", label: 'say "a", b', points: [{ t: 60_000, v: 1 }, { t: 0, v: -2.5 }] },
  { id: "b", label: "=1+1", points: [{ t: 120_000, v: 3 }, { t: 0, v: 4 }] },
];

describe("numbers", () => {
  it("stand by time", () => {
    expect(numberRows(columns)).toEqual([
      { t: 0, values: [-2.5, 4] },
      { t: 60_000, values: [1, undefined] },
      { t: 120_000, values: [undefined, 3] },
    ]);
    expect(numberRows([])).toEqual([]);
  });

  it("are CSV that spreadsheets read, and no formula", () => {
    expect(csvOf(columns, "Time")).toBe(
      "\uFEFFTime,\"say \"\"a\"\", b\",'=1+1\r\n1970-01-01T00:00:00.000Z,-2.5,4\r\n1970-01-01T00:01:00.000Z,1,\r\n1970-01-01T00:02:00.000Z,,3\r\n",
    );
  });
});

// Holds the answers of Logs Insights as the page shows them: table, CSV, chart.
import { expect, test } from "vitest";
import { chartOf } from "./chart";
import { asCsv, tableOf, timeOf } from "./result";

const fields = (values: Record<string, string>) => Object.entries(values).map(([field, value]) => ({ field, value }));
const BIN = "2026-11-25 14:30:00.000";
const LATER = "2026-11-25 14:35:00.000";

test("columns come in the query's order, the pointer is none", () => {
  const table = tableOf([fields({ b: "1", a: "2", "@ptr": "x" }), fields({ a: "3", c: "4" })]);
  expect(table.columns).toEqual(["b", "a", "c"]);
  expect(table.rows[1]).toEqual({ a: "3", c: "4" });
});

test("commas, quotes and lines survive CSV", () => {
  expect(asCsv(tableOf([fields({ a: 'x, "y"', b: "l\nm" })]))).toBe('a,b\r\n"x, ""y""","l\nm"\r\n');
});

test("times are UTC", () => {
  expect(timeOf("1970-01-01 00:00:01.500")).toBe(1_500);
  expect(timeOf("12")).toBeUndefined();
  expect(timeOf(undefined)).toBeUndefined();
});

test("stats by bin are lines over time, in order", () => {
  const table = tableOf([fields({ "bin(5m)": LATER, "count(*)": "2" }), fields({ "bin(5m)": BIN, "count(*)": "1" })]);
  expect(chartOf("stats count(*) by bin(5m)", table)).toEqual({
    kind: "time",
    series: [
      {
        title: "count(*)",
        data: [
          { x: new Date(Date.UTC(2026, 10, 25, 14, 30)), y: 1 },
          { x: new Date(Date.UTC(2026, 10, 25, 14, 35)), y: 2 },
        ],
      },
    ],
  });
});

test("an alias is known, and a word makes a line of its own", () => {
  const table = tableOf([fields({ t: BIN, level: "INFO", n: "1" }), fields({ t: BIN, level: "ERROR", n: "2" })]);
  const chart = chartOf("stats count(*) as n by bin(5m) as t, level", table);
  expect(chart?.series.map(({ title }) => title)).toEqual(["INFO", "ERROR"]);
});

test("stats by a word are bars", () => {
  const table = tableOf([fields({ level: "INFO", n: "1" }), fields({ level: "ERROR", n: "2" })]);
  expect(chartOf("stats count(*) as n by level", table)).toEqual({
    kind: "words",
    series: [{ title: "n", data: [{ x: "INFO", y: 1 }, { x: "ERROR", y: 2 }] }],
  });
});

test("what is no statistic has no chart", () => {
  const table = tableOf([fields({ "@timestamp": BIN, n: "1" })]);
  expect(chartOf("fields @timestamp, n", table)).toBeUndefined();
  expect(chartOf("stats count(*) by bin(1m)", { columns: [], rows: [] })).toBeUndefined();
  expect(chartOf("stats count(*) as n", tableOf([fields({ n: "1" })]))).toBeUndefined();
});

import { expect, test } from "vitest";
import { waterfall } from "./waterfall";

test("bars stand where their phases were", () => {
  const { bars, totalMs } = waterfall([
    { name: "queue", startMs: 0, durationMs: 10 },
    { name: "init", startMs: 10, durationMs: 30 },
  ]);
  expect(totalMs).toBe(40);
  expect(bars.map(({ offset, width }) => [offset, width])).toEqual([
    [0, 0.25],
    [0.25, 0.75],
  ]);
});

test("a run without length has bars without length", () => {
  expect(waterfall([])).toEqual({ bars: [], totalMs: 0 });
  expect(waterfall([{ name: "invoke", startMs: 0, durationMs: 0 }]).bars[0]).toMatchObject({ offset: 0, width: 0 });
});

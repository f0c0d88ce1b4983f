// The dashboard's span of time, and which functions it names first.
import { expect, test } from "vitest";
import { errorRate, mostCalled, mostFailing, slowest } from "./ranking";
import { dashboardSpan, readDashboardRange, wholePeriod } from "./span";

test("a range is read from an address, a day otherwise", () => {
  expect(readDashboardRange("1w")).toBe("1w");
  expect(readDashboardRange("5y")).toBe("1d");
});

test("the span ends behind the present minute", () => {
  const now = Date.UTC(2026, 0, 2, 3, 4, 5);
  expect(dashboardSpan("1h", now)).toEqual({ from: Date.UTC(2026, 0, 2, 2, 5), to: Date.UTC(2026, 0, 2, 3, 5) });
});

test("one period holds the whole span", () => {
  for (let minute = 0; minute < 3_000; minute += 7) {
    for (const range of ["1h", "1d", "1w"] as const) {
      const span = dashboardSpan(range, 1_700_000_000_000 + minute * 60_000);
      const period = wholePeriod(span);
      expect(period % 60).toBe(0);
      expect(Math.floor(span.from / 1_000 / period)).toBe(Math.floor((span.to / 1_000 - 1) / period));
    }
  }
});

test("functions are ranked", () => {
  const numbers = [
    { name: "a", invocations: 5, errors: 0, average: 9, p99: 10 },
    { name: "b", invocations: 9, errors: 3, average: 20, p99: 50 },
    { name: "c", invocations: 0, errors: 0 },
    { name: "d", invocations: 5, errors: 1, average: 30 },
  ];
  expect(mostCalled(numbers).map(({ name }) => name)).toEqual(["b", "a", "d"]);
  expect(slowest(numbers).map(({ name }) => name)).toEqual(["b", "d", "a"]);
  expect(mostFailing(numbers).map(({ name }) => name)).toEqual(["b", "d"]);
  expect(errorRate(numbers[1]!)).toBeCloseTo(1 / 3);
  expect(errorRate(numbers[2]!)).toBeUndefined();
});

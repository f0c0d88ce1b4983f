import { expect, test } from "vitest";
import { Rate } from "./rate";

test("a steady flow has its rate", () => {
  const rate = new Rate();
  for (let now = 0; now <= 20_000; now += 50) rate.add(50, now);
  expect(rate.perSecond(20_000)).toBeGreaterThan(980);
  expect(rate.perSecond(20_000)).toBeLessThan(1_030);
});

test("it falls to nothing when nothing comes", () => {
  const rate = new Rate();
  expect(rate.perSecond(0)).toBe(0);
  rate.add(10, 0);
  expect(rate.perSecond(0)).toBe(10);
  expect(rate.perSecond(4_000)).toBe(2.5);
  expect(rate.perSecond(5_001)).toBe(0);
  rate.add(4, 9_000);
  expect(rate.perSecond(9_500)).toBe(4);
});

import { expect, test } from "vitest";
import { Ring } from "./ring";

test("the oldest make room, and are counted", () => {
  const ring = new Ring<number>(3);
  ring.push([1, 2]);
  expect([ring.snapshot(), ring.dropped]).toEqual([[1, 2], 0]);
  ring.push([3, 4]);
  expect([ring.snapshot(), ring.dropped]).toEqual([[2, 3, 4], 1]);
  ring.push([5, 6, 7, 8]);
  expect([ring.snapshot(), ring.dropped, ring.size]).toEqual([[6, 7, 8], 5, 3]);
});

test("a snapshot stays as it was", () => {
  const ring = new Ring<number>(2);
  ring.push([1, 2]);
  const before = ring.snapshot();
  ring.push([3]);
  expect(before).toEqual([1, 2]);
  ring.clear();
  expect([ring.snapshot(), ring.dropped]).toEqual([[], 0]);
  ring.push([9]);
  expect(ring.snapshot()).toEqual([9]);
});

test("it holds what a list cut to length would hold", () => {
  const ring = new Ring<number>(7);
  let list: number[] = [];
  for (let i = 0, next = 0; i < 200; i++) {
    const batch = Array.from({ length: (i * 5) % 11 }, () => next++);
    ring.push(batch);
    list = [...list, ...batch].slice(-7);
    expect(ring.snapshot()).toEqual(list);
  }
});

import { expect, test } from "vitest";
import { mostReservable, reservationOf } from "./reservation";

test("a hundred stay unreserved", () => {
  expect(mostReservable(1_000, null)).toBe(900);
  expect(mostReservable(600, 400)).toBe(900);
  expect(mostReservable(50, null)).toBe(0);
  expect(mostReservable(50, 20)).toBe(20);
});

test("a reservation is a whole number within the account", () => {
  expect(reservationOf("0", 900)).toBe(0);
  expect(reservationOf("900", 900)).toBe(900);
  expect(reservationOf("901", 900)).toBeUndefined();
  expect(reservationOf("", 900)).toBeUndefined();
  expect(reservationOf("1.5", 900)).toBeUndefined();
});

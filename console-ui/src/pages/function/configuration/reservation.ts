// How much concurrency a function may reserve. Pure.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
import { wholeNumber } from "./whole-number";

/** Concurrency that stays unreserved in an account. */
const LEAST_UNRESERVED = 100;

/** The most that a function may reserve: what it holds, and what the account can spare; never less than it holds. */
export function mostReservable(unreserved: number, held: number | null): number {
  return Math.max(held ?? 0, unreserved + (held ?? 0) - LEAST_UNRESERVED, 0);
}

/** The reservation that is typed; `undefined` when it cannot be. */
export function reservationOf(text: string, most: number): number | undefined {
  const typed = wholeNumber(text);
  return typed >= 0 && typed <= most ? typed : undefined;
}

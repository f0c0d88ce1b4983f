// Which functions the dashboard names. Pure.

/** What is known of a function over the range. */
export interface FunctionNumbers {
  readonly name: string;
  readonly invocations: number;
  readonly errors: number;
  /** Milliseconds; absent while it did not run, or is not among those that are asked about. */
  readonly average?: number;
  readonly p99?: number;
}

/** Functions whose invocations and errors are asked for, at most. */
export const MOST_COUNTED = 500;
/** Functions whose durations are asked for, at most: those that are called most. */
export const MOST_TIMED = 50;
/** Functions that a list names. */
export const MOST_NAMED = 10;

/** The functions that were called, the most called first. */
export function mostCalled(numbers: readonly FunctionNumbers[]): readonly FunctionNumbers[] {
  return numbers
    .filter(({ invocations }) => invocations > 0)
    .toSorted((one, other) => other.invocations - one.invocations || byName(one, other))
    .slice(0, MOST_TIMED);
}

/** The slowest by their p99. */
export function slowest(numbers: readonly FunctionNumbers[]): readonly FunctionNumbers[] {
  return numbers
    .filter(({ p99, average }) => p99 !== undefined || average !== undefined)
    .toSorted((one, other) => timeOf(other) - timeOf(one) || byName(one, other))
    .slice(0, MOST_NAMED);
}

/** Those with the most errors. */
export function mostFailing(numbers: readonly FunctionNumbers[]): readonly FunctionNumbers[] {
  return numbers
    .filter(({ errors }) => errors > 0)
    .toSorted((one, other) => other.errors - one.errors || byName(one, other))
    .slice(0, MOST_NAMED);
}

/** The share of calls that failed. */
export function errorRate({ errors, invocations }: Pick<FunctionNumbers, "errors" | "invocations">): number | undefined {
  return invocations > 0 ? errors / invocations : undefined;
}

const timeOf = ({ p99, average = 0 }: FunctionNumbers) => p99 ?? average;
const byName = (one: FunctionNumbers, other: FunctionNumbers) => (one.name < other.name ? -1 : 1);

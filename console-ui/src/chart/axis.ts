// Where an axis has its ticks: round numbers, round times.
import { unitNamed } from "./unit";

/** An axis of values: from its least to its greatest, with ticks between. */
export interface Axis {
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly number[];
}

const ROUND = [1, 2, 2.5, 5, 10];
const TIMES = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000, 86_400_000,
];

/** An axis that begins at zero (or below, for negative values), with about `count` ticks; in round steps of the unit shown. */
export function axisOf(least: number, most: number, count: number, unit?: string): Axis {
  const bottom = Math.min(0, least);
  const top = most > bottom ? most : bottom + 1;
  const step = stepOf((top - bottom) / Math.max(1, count), unit);
  const first = Math.floor(bottom / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(top / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => tidy((first + at) * step));
  return { least: ticks[0]!, most: ticks.at(-1)!, ticks };
}

function stepOf(rough: number, name: string | undefined): number {
  const { measure, factor } = unitNamed(name);
  const size = rough * factor;
  if (measure === "time" && size >= 1 && size <= TIMES.at(-1)!) return TIMES.find((step) => step >= size)! / factor;
  const base = measure === "bytes" && size >= 1 ? 1_024 ** Math.min(4, Math.floor(Math.log2(size) / 10)) : 1;
  const step = roundUp(size / base) * base;
  // Counts are whole; their averages need not be.
  const isWhole = measure === "bytes" || (rough >= 0.25 && measure === "number" && (name ?? "").startsWith("Count"));
  return (isWhole ? Math.max(1, step) : step) / factor;
}

function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ROUND.find((round) => round * power >= value * (1 - 1e-9))! * power;
}

/** Without the dust of binary fractions. */
function tidy(value: number): number {
  return Number(value.toPrecision(12));
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS = [
  1_000, 5_000, 15_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR,
  4 * HOUR, 6 * HOUR, 8 * HOUR, 12 * HOUR, DAY, 2 * DAY, 3 * DAY, 4 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY, 112 * DAY,
];

/** The ticks of a time axis. */
export interface TimeTicks {
  /** Epoch milliseconds. */
  readonly times: readonly number[];
  readonly stepMs: number;
}

/** At most `most` round times of the reader's time zone; `offsetAt` is its distance from UTC (milliseconds, east positive). */
export function timeTicks(from: number, to: number, most: number, offsetAt = localOffset): TimeTicks {
  const stepMs = STEPS.find((step) => (to - from) / step <= most) ?? STEPS.at(-1)!;
  const offset = offsetAt(from);
  const times: number[] = [];
  for (let local = Math.ceil((from + offset) / stepMs) * stepMs; times.length <= most; local += stepMs) {
    const time = local - offsetAt(local - offset);
    if (time > to) break;
    if (time >= from) times.push(time);
  }
  return { times, stepMs };
}

function localOffset(time: number): number {
  return -new Date(time).getTimezoneOffset() * MINUTE;
}

/** How a tick is written: a date where a day begins or ticks are days apart, else a time of day. */
export function isDateTick(time: number, stepMs: number, offsetAt = localOffset): boolean {
  return stepMs >= DAY || (time + offsetAt(time)) % DAY === 0;
}

// How a time is written on an axis and at a cursor.
import { isDateTick } from "./axis";

/** A tick of the time axis: a date where a day begins, else a time of day. */
export function writeTick(time: number, stepMs: number, language: string): string {
  const parts: Intl.DateTimeFormatOptions = isDateTick(time, stepMs)
    ? { month: "numeric", day: "numeric" }
    : { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...(stepMs < 60_000 ? { second: "2-digit" } : {}) };
  return new Intl.DateTimeFormat(language, parts).format(time);
}

/** The time of a datapoint, to the minute, or to the second where periods are shorter. */
export function writeTime(time: number, periodS: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(periodS < 60 ? { second: "2-digit" } : {}),
  }).format(time);
}

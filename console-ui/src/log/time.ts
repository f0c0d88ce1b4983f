// A line's time as logs write it: sortable, to the millisecond, the same in every language.

/** Whose clock is shown. */
export type Zone = "local" | "utc";

/** Date and time of day of `at` (epoch milliseconds): `2026-01-31` and `12:00:00.000`. */
export function timeParts(at: number, zone: Zone): { readonly date: string; readonly clock: string } {
  const shifted = zone === "utc" ? at : at - new Date(at).getTimezoneOffset() * 60_000;
  const moment = new Date(shifted);
  if (Number.isNaN(moment.getTime())) return { date: "–", clock: "–" };
  const [date = "", clock = ""] = moment.toISOString().split("T");
  return { date, clock: clock.slice(0, -1) };
}

/** The zone's distance from UTC at `at`: `UTC`, `UTC+08:00`. */
export function zoneName(at: number, zone: Zone): string {
  const minutes = zone === "utc" ? 0 : -new Date(at).getTimezoneOffset();
  if (minutes === 0) return "UTC";
  const two = (value: number) => String(Math.trunc(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}

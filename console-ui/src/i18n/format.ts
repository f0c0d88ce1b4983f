// Numbers, sizes, durations and times, as the language in force writes them.
import { useMemo } from "react";
import { useLanguage, type Language } from "./language";

/** Writes values in a language. Every function takes `undefined` and writes an en dash for it. */
export interface Format {
  readonly number: (value: number | undefined, digits?: number) => string;
  /** Bytes, in powers of 1,024 with the names that AWS's console uses. */
  readonly bytes: (value: number | undefined) => string;
  /** Milliseconds, in the unit that reads well. */
  readonly duration: (ms: number | undefined) => string;
  readonly percent: (fraction: number | undefined) => string;
  /** Date and time to the second; takes epoch milliseconds or a date. */
  readonly time: (at: number | Date | undefined) => string;
  /** Date and time to the millisecond. */
  readonly instant: (at: number | Date | undefined) => string;
  /** Time of day with milliseconds. */
  readonly clock: (at: number | Date | undefined) => string;
  /** "5 minutes ago", relative to `now` (epoch milliseconds). */
  readonly ago: (at: number | Date | undefined, now?: number) => string;
}

const ABSENT = "–";
const UNITS = ["B", "kB", "MB", "GB", "TB"];

/** Chinese parts a number from the word after it, as AWS's console does: "10 分钟". */
const apart = (text: string) => text.replace(/(\d)(?=\p{Script=Han})/gu, "$1 ");

/** The writer of `language`. */
export function formatIn(language: Language): Format {
  const number = (value: number | undefined, digits = 2) =>
    value === undefined || Number.isNaN(value)
      ? ABSENT
      : new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  const dated = (options: Intl.DateTimeFormatOptions) => (at: number | Date | undefined) =>
    at === undefined ? ABSENT : new Intl.DateTimeFormat(language, options).format(at);
  const unit = (value: number, name: string) =>
    apart(new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short", maximumFractionDigits: 2 }).format(value));
  return {
    number,
    bytes: (value) => {
      if (value === undefined) return ABSENT;
      const power = Math.min(UNITS.length - 1, value < 1 ? 0 : Math.floor(Math.log2(value) / 10));
      return `${number(value / 1024 ** power, 1)} ${UNITS[power]}`;
    },
    duration: (ms) => {
      if (ms === undefined) return ABSENT;
      if (ms < 1_000) return unit(ms, "millisecond");
      if (ms < 60_000) return unit(ms / 1_000, "second");
      if (ms < 3_600_000) return unit(ms / 60_000, "minute");
      return unit(ms / 3_600_000, "hour");
    },
    percent: (fraction) =>
      fraction === undefined
        ? ABSENT
        : new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 2 }).format(fraction),
    time: dated({ dateStyle: "medium", timeStyle: "medium" }),
    instant: dated({
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
    }),
    clock: dated({ hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false }),
    ago: (at, now = Date.now()) => {
      if (at === undefined) return ABSENT;
      const seconds = (new Date(at).getTime() - now) / 1_000;
      const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
      const scales: Array<[Intl.RelativeTimeFormatUnit, number]> = [["day", 86_400], ["hour", 3_600], ["minute", 60]];
      for (const [name, length] of scales) {
        if (Math.abs(seconds) >= length) return apart(relative.format(Math.round(seconds / length), name));
      }
      return apart(relative.format(Math.round(seconds), "second"));
    },
  };
}

/** The writer of the language in force. */
export function useFormat(): Format {
  const language = useLanguage();
  return useMemo(() => formatIn(language), [language]);
}

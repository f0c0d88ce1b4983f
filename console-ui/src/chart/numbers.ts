// Series as a table of numbers: a row for each time, and as CSV. Pure.
import type { Point } from "./series";

/** A series in a table. */
export interface NumberColumn {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
}

/** A time, and the value of each column then. */
export interface NumberRow {
  /** Epoch milliseconds. */
  readonly t: number;
  readonly values: readonly (number | undefined)[];
}

/** All times that any column has, oldest first. */
export function numberRows(columns: readonly NumberColumn[]): NumberRow[] {
  const rows = new Map<number, (number | undefined)[]>();
  columns.forEach(({ points }, column) => {
    for (const { t, v } of points) {
      const values = rows.get(t) ?? columns.map(() => undefined);
      rows.set(t, values);
      values[column] = v;
    }
  });
  return [...rows].map(([t, values]) => ({ t, values })).sort((left, right) => left.t - right.t);
}

/** RFC 4180, times in UTC as ISO 8601; begins with the mark by which spreadsheets know UTF-8. */
export function csvOf(columns: readonly NumberColumn[], timeHeader: string): string {
  const head = [timeHeader, ...columns.map((column) => column.label)];
  const body = numberRows(columns).map(({ t, values }) => [new Date(t).toISOString(), ...values.map((value) => value ?? "")]);
  return `\uFEFF${[head, ...body].map((line) => line.map(csvField).join(",")).join("\r\n")}\r\n`;
}

/** A label that a spreadsheet would take for a formula (metrics are named by whoever sends them) is marked as text. */
function csvField(field: string | number): string {
  if (typeof field === "number") return String(field);
  const text = /^[=+\-@\t\r]/.test(field) ? `'${field}` : field;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

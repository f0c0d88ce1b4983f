// The chart of a query's answer, where it makes one: numbers over time (`stats … by bin(5m)`), or by one word. Pure.
import { timeOf, type ResultTable, type Row } from "./result";

/** A line or a set of bars. */
export interface Series<X> {
  readonly title: string;
  readonly data: ReadonlyArray<{ readonly x: X; readonly y: number }>;
}

/** A chart's data. */
export type ChartData =
  | { readonly kind: "time"; readonly series: ReadonlyArray<Series<Date>> }
  | { readonly kind: "words"; readonly series: ReadonlyArray<Series<string>> };

const MOST_SERIES = 12;
const MOST_WORDS = 50;

/** The chart of an answer; absent when it is none. */
export function chartOf(query: string, table: ResultTable): ChartData | undefined {
  if (!/\bstats\b/i.test(query) || table.rows.length === 0) return undefined;
  const time = timeColumn(query, table);
  const numbers = table.columns.filter((column) => column !== time && isNumeric(column, table.rows));
  const words = table.columns.filter((column) => column !== time && !numbers.includes(column));
  if (numbers.length === 0) return undefined;
  if (time !== undefined) return { kind: "time", series: timeSeries(table.rows, time, numbers, words) };
  return words.length === 0 ? undefined : { kind: "words", series: wordSeries(table.rows, numbers, words) };
}

function timeColumn(query: string, { columns, rows }: ResultTable): string | undefined {
  const alias = /\bbin\s*\([^)]*\)\s+as\s+([\w@.]+)/i.exec(query)?.[1];
  const column = columns.find((column) => column === alias || /^(bin|datefloor|dateceil)\s*\(/i.test(column));
  return column !== undefined && timeOf(rows[0]?.[column]) !== undefined ? column : undefined;
}

function isNumeric(column: string, rows: readonly Row[]): boolean {
  const values = rows.map((row) => row[column]).filter((value) => value !== undefined && value !== "");
  return values.length > 0 && values.every((value) => Number.isFinite(Number(value)));
}

function timeSeries(rows: readonly Row[], time: string, numbers: readonly string[], words: readonly string[]): Series<Date>[] {
  const found = new Map<string, Array<{ x: Date; y: number }>>();
  for (const row of rows) {
    const at = timeOf(row[time]);
    if (at === undefined) continue;
    const group = words.map((word) => row[word] ?? "–").join(", ");
    for (const column of numbers) {
      const title = group === "" ? column : numbers.length === 1 ? group : `${group}: ${column}`;
      const data = found.get(title) ?? [];
      if (!found.has(title)) found.set(title, data);
      if (row[column]) data.push({ x: new Date(at), y: Number(row[column]) });
    }
  }
  return [...found]
    .slice(0, MOST_SERIES)
    .map(([title, data]) => ({ title, data: data.sort((one, other) => one.x.getTime() - other.x.getTime()) }));
}

function wordSeries(rows: readonly Row[], numbers: readonly string[], words: readonly string[]): Series<string>[] {
  const shown = rows.slice(0, MOST_WORDS);
  return numbers.slice(0, MOST_SERIES).map((title) => ({
    title,
    data: shown.map((row) => ({ x: words.map((word) => row[word] ?? "–").join(", "), y: Number(row[title] || 0) })),
  }));
}

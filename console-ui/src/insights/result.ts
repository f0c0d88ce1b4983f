// What a Logs Insights query answered, as a table. Pure.
import type { ResultField } from "@aws-sdk/client-cloudwatch-logs";

/** A record; a field that it lacks is absent. */
export type Row = Readonly<Record<string, string>>;

/** Columns in the order of the query, and the records. */
export interface ResultTable {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** The pointer to the whole record, which is no column. */
const POINTER = "@ptr";

/** The table of a query's answer. */
export function tableOf(results: readonly (readonly ResultField[])[]): ResultTable {
  const columns = new Set<string>();
  const rows = results.map((fields) => {
    const row: Record<string, string> = {};
    for (const { field, value } of fields) {
      if (field === undefined || field === POINTER) continue;
      columns.add(field);
      if (value !== undefined) row[field] = value;
    }
    return row;
  });
  return { columns: [...columns], rows };
}

/** The table as comma-separated values (RFC 4180). */
export function asCsv({ columns, rows }: ResultTable): string {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const line = (cells: readonly string[]) => cells.map(cell).join(",");
  return [line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? "")))].join("\r\n").concat("\r\n");
}

/** Epoch milliseconds of a time as Insights writes it: `2026-01-31 12:00:00.000`, in UTC. */
export function timeOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(text)) return undefined;
  const at = Date.parse(`${text.replace(" ", "T").replace(/Z$/, "")}Z`);
  return Number.isNaN(at) ? undefined : at;
}

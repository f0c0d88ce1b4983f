// A graph as text for an address: short, legible, versioned; reading survives whatever it is given. Pure.
//
//   1*_lines*.m*_m1*_Sum*_0*_*_AWS/Lambda*_Errors*_FunctionName*_hello*.mr*_m2*-*-*-*-*_Duration*-*-
//
// A star begins every mark (`*_` field, `*-` the field that the row above has there, `*.` row, `**` a star itself), because an
// address keeps stars, dots, dashes and underscores as they are. The first row has the version and the view. A metric's row:
// flags, id, statistic, period, label, namespace, name, then names and values of dimensions; an expression's: flags, id, label,
// expression. Flags: `m` or `e`, `l` or `r` for an axis of its choice, `h` for hidden.
import { EMPTY_GRAPH, freshId, isId, isStatistic, MOST_ROWS, VIEWS, type Graph, type Row } from "./graph";
import { PERIODS } from "./period";

const VERSION = "1";
/** Longer texts are no graph. */
const MOST_LENGTH = 60_000;
const MOST_FIELD = 2_048;
const MOST_DIMENSIONS = 30;

/** What an address says; `isWhole` is false when a part of it made no sense and was left out. */
export interface ReadGraph {
  readonly graph: Graph;
  readonly isWhole: boolean;
}

/** Writes a graph. */
export function writeGraph(graph: Graph): string {
  let above: readonly string[] = [];
  const rows = graph.rows.map((row) => {
    const fields = fieldsOf(row);
    const text = fields.map((field, at) => {
      if (at === 0) return escaped(field);
      return field !== "" && field === above[at] ? "*-" : `*_${escaped(field)}`;
    });
    above = fields;
    return text.join("");
  });
  return [`${VERSION}*_${graph.view}`, ...rows].join("*.");
}

/** Reads a graph. */
export function readGraph(text: string | null): ReadGraph {
  if (text === null || text === "") return { graph: EMPTY_GRAPH, isWhole: true };
  if (text.length > MOST_LENGTH) return { graph: EMPTY_GRAPH, isWhole: false };
  const [head = [], ...lines] = linesOf(text);
  const view = VIEWS.find((view) => view === head[1]);
  if (head[0] !== VERSION) return { graph: EMPTY_GRAPH, isWhole: false };
  const rows: Row[] = [];
  for (const line of lines.slice(0, MOST_ROWS)) {
    const row = rowOf(line);
    if (row) rows.push(rows.some(({ id }) => id === row.id) ? { ...row, id: freshId(rows, row.kind === "metric" ? "m" : "e") } : row);
  }
  return { graph: { view: view ?? "lines", rows }, isWhole: view !== undefined && rows.length === lines.length };
}

function fieldsOf(row: Row): string[] {
  const flags = `${row.kind[0]}${row.axis === "auto" ? "" : row.axis[0]}${row.isHidden ? "h" : ""}`;
  if (row.kind === "expression") return [flags, row.id, row.label, row.expression];
  const { namespace, name, dimensions } = row.metric;
  return [flags, row.id, row.statistic, String(row.periodS), row.label, namespace, name, ...dimensions.flat()];
}

function escaped(field: string): string {
  return field.replaceAll("*", "**");
}

/** The rows' fields, with what the row above has filled in. */
function linesOf(text: string): string[][] {
  let line: string[] = [""];
  let above: string[] = [];
  const lines = [line];
  for (let at = 0; at < text.length; at++) {
    const mark = text[at] === "*" ? text[++at] : undefined;
    if (mark === "_") line.push("");
    else if (mark === "-") line.push(above[line.length] ?? "");
    else if (mark === ".") {
      above = line;
      line = [""];
      lines.push(line);
    } else line[line.length - 1] += text[at] ?? "";
  }
  return lines;
}

function rowOf(fields: readonly string[]): Row | undefined {
  const [flags = "", id = ""] = fields;
  if (!/^[me][lr]?h?$/.test(flags) || !isId(id) || fields.some((field) => field.length > MOST_FIELD)) return undefined;
  const axis = flags[1] === "l" ? "left" : flags[1] === "r" ? "right" : "auto";
  const facts = { id, axis, isHidden: flags.endsWith("h") } as const;
  if (flags[0] === "e") {
    const [, , label = "", expression] = fields;
    return fields.length === 4 && expression !== undefined ? { kind: "expression", ...facts, label, expression } : undefined;
  }
  const [, , statistic = "", period = "", label = "", namespace = "", name = "", ...rest] = fields;
  const periodS = Number(period);
  const isKnown = periodS === 0 || PERIODS.some((known) => known === periodS);
  if (!isStatistic(statistic) || !isKnown || !namespace || !name) return undefined;
  if (rest.length % 2 !== 0 || rest.length > 2 * MOST_DIMENSIONS || rest.includes("")) return undefined;
  const dimensions = Array.from({ length: rest.length / 2 }, (_, at) => [rest[2 * at]!, rest[2 * at + 1]!] as const);
  return { kind: "metric", ...facts, statistic, periodS, label, metric: { namespace, name, dimensions } };
}

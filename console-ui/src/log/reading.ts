// What a log line says: the platform's own START, END and REPORT lines, JSON, and how severe it is. Pure.

/** What a REPORT line tells of an invocation. */
export interface Report {
  readonly durationMs?: number;
  readonly billedMs?: number;
  readonly memoryMb?: number;
  readonly usedMb?: number;
  readonly initMs?: number;
  /** `timeout`, `error`, … ; absent when it went well. */
  readonly status?: string;
  readonly errorType?: string;
}

/** A line, understood. */
export interface Reading {
  readonly kind: "start" | "end" | "report" | "init" | "plain";
  readonly level: "platform" | "error" | "warning" | "plain";
  readonly requestId?: string;
  readonly report?: Report;
  /** The line's value when it is a JSON object or array. */
  readonly json?: object;
}

type Fields = Readonly<Record<string, unknown>>;

const ID = "[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}";
const PLATFORM = new RegExp(`^(START|END|REPORT) RequestId: (${ID})`);
/** Where the platform and the runtimes' log handlers put the request's id: near the start of the line. */
const MENTION = new RegExp(`^(?:\\[\\w+\\]\\t)?(?:\\S+Z[ \\t])?(?:RequestId: )?(${ID})\\b`);
const ERRORS = /^\[(?:ERROR|CRITICAL|FATAL)\]|^(?:ERROR|CRITICAL|FATAL)\b|\t(?:ERROR|FATAL)\t|^Traceback \(most recent|Task timed out after|Error: Runtime exited|^Runtime\.\w+$|^RequestId: \S+ Error:/;
const WARNINGS = /^\[WARN(?:ING)?\]|^WARN(?:ING)?\b|\tWARN\t/;
const LONGEST_JSON = 300_000;

/** Reads a line's message. */
export function readLine(message: string): Reading {
  const text = message.trim();
  const platform = PLATFORM.exec(text);
  if (platform) {
    const kind = platform[1]!.toLowerCase() as "start" | "end" | "report";
    const requestId = platform[2]!;
    if (kind !== "report") return { kind, level: "platform", requestId };
    const report = reportOf(text);
    return { kind, level: report.status ? "error" : "platform", requestId, report };
  }
  if (text.startsWith("INIT_START ") || text.startsWith("INIT_REPORT ")) return { kind: "init", level: "platform" };
  const json = jsonOf(text);
  if (json) return readJson(json);
  const requestId = MENTION.exec(text)?.[1];
  return { kind: "plain", level: levelOf(text), ...(requestId ? { requestId } : {}) };
}

function levelOf(text: string): Reading["level"] {
  if (ERRORS.test(text)) return "error";
  return WARNINGS.test(text) ? "warning" : "plain";
}

function reportOf(text: string): Report {
  const fields = new Map(text.split("\t").map((part) => splitAt(part, ": ")));
  const number = (name: string) => {
    const value = Number.parseFloat(fields.get(name) ?? "");
    return Number.isNaN(value) ? undefined : value;
  };
  return known({
    durationMs: number("Duration"),
    billedMs: number("Billed Duration"),
    memoryMb: number("Memory Size"),
    usedMb: number("Max Memory Used"),
    initMs: number("Init Duration") ?? number("Restore Duration"),
    status: fields.get("Status")?.trim(),
    errorType: fields.get("Error Type")?.trim(),
  });
}

function jsonOf(text: string): object | undefined {
  const ends = text.at(0) === "{" ? "}" : text.at(0) === "[" ? "]" : undefined;
  if (!ends || text.at(-1) !== ends || text.length > LONGEST_JSON) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}

const JSON_KINDS: Readonly<Record<string, Reading["kind"]>> = {
  "platform.start": "start",
  "platform.runtimeDone": "end",
  "platform.report": "report",
  "platform.initStart": "init",
};

function readJson(json: object): Reading {
  const fields = json as Fields;
  const { type, record } = fields;
  if (typeof type === "string" && type.startsWith("platform.") && isFields(record)) {
    const kind = JSON_KINDS[type] ?? "plain";
    const report = kind === "report" ? jsonReport(record) : undefined;
    const isBad = typeof record.status === "string" && record.status !== "success";
    return known({ kind, level: isBad ? "error" : "platform", requestId: wordOf(record.requestId), report, json });
  }
  const requestId = wordOf(fields.requestId) ?? wordOf(fields.AWSRequestId) ?? wordOf(fields.function_request_id);
  return known({ kind: "plain", level: jsonLevel(fields), requestId, json });
}

function jsonLevel(fields: Fields): Reading["level"] {
  const word = String(fields.level ?? fields.log_level ?? fields.severity ?? "").toUpperCase();
  if (/^(ERROR|CRITICAL|FATAL|EMERGENCY|ALERT)$/.test(word)) return "error";
  if (word.startsWith("WARN")) return "warning";
  return "errorType" in fields && "errorMessage" in fields ? "error" : "plain";
}

function jsonReport(record: Fields): Report {
  const metrics = isFields(record.metrics) ? record.metrics : {};
  const number = (name: string) => (typeof metrics[name] === "number" ? metrics[name] : undefined);
  return known({
    durationMs: number("durationMs"),
    billedMs: number("billedDurationMs"),
    memoryMb: number("memorySizeMB"),
    usedMb: number("maxMemoryUsedMB"),
    initMs: number("initDurationMs") ?? number("restoreDurationMs"),
    status: record.status === "success" ? undefined : wordOf(record.status),
    errorType: wordOf(record.errorType),
  });
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wordOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text.trim(), ""] : [text.slice(0, at).trim(), text.slice(at + separator.length)];
}

/** Without what is not known. */
function known<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

// What a test came to: Lambda's answer read into the parts that the result shows. Pure.
import type { Failure } from "../api/errors";

/** How Lambda is called. */
export type InvocationType = "RequestResponse" | "Event" | "DryRun";

/** A function's error, as runtimes write it. */
export interface FunctionFault {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly stackTrace: readonly string[];
}

/** What a REPORT line tells. */
export interface Report {
  readonly durationMs?: number;
  readonly billedDurationMs?: number;
  readonly memorySizeMb?: number;
  readonly maxMemoryUsedMb?: number;
  readonly initDurationMs?: number;
  /** Why and how a sandbox was started for the run; absent when it was warm. */
  readonly coldStart?: string;
  readonly startPath?: string;
}

/** What a test came to. */
export interface Outcome {
  /** `refused`: Lambda did not run it; `stopped`: the reader stopped waiting for it. */
  readonly status: "succeeded" | "failed" | "queued" | "allowed" | "refused" | "stopped";
  readonly requestId?: string;
  readonly executedVersion?: string;
  /** The payload of the answer. */
  readonly response?: string;
  readonly fault?: FunctionFault;
  /** The end of the log, at most 4 KB. */
  readonly log?: string;
  readonly report?: Report;
  readonly failure?: Failure;
}

/** The parts of Invoke's answer that matter here. */
export interface Answer {
  readonly StatusCode?: number | undefined;
  readonly FunctionError?: string | undefined;
  readonly ExecutedVersion?: string | undefined;
  readonly LogResult?: string | undefined;
  readonly Payload?: Uint8Array | undefined;
  readonly $metadata?: { readonly requestId?: string | undefined };
}


/** Reads Invoke's answer. */
export function outcomeOf(type: InvocationType, answer: Answer): Outcome {
  const requestId = answer.$metadata?.requestId;
  const common = { ...(requestId ? { requestId } : {}) };
  if (type === "DryRun") return { status: "allowed", ...common };
  if (type === "Event") return { status: "queued", ...common };
  const response = answer.Payload ? new TextDecoder().decode(answer.Payload) : "";
  const log = answer.LogResult === undefined ? undefined : logOf(answer.LogResult);
  const fault = answer.FunctionError ? faultOf(response) : undefined;
  const report = log === undefined ? undefined : reportOf(log);
  return {
    status: answer.FunctionError ? "failed" : "succeeded",
    ...common,
    response,
    ...(answer.ExecutedVersion ? { executedVersion: answer.ExecutedVersion } : {}),
    ...(fault ? { fault } : {}),
    ...(log === undefined ? {} : { log }),
    ...(report ? { report } : {}),
  };
}

/** The log's last report, in either log format. */
export function reportOf(log: string): Report | undefined {
  const lines = log.split("\n").reverse();
  for (const line of lines) {
    if (line.startsWith("REPORT ")) return reportOfText(line);
    if (line.startsWith("{") && line.includes('"platform.report"')) return reportOfJson(line);
  }
  return undefined;
}

/** A name for the event of a run that failed at `at` (epoch milliseconds), such as `KeyError-20260131-142501`. */
export function failingEventName(errorType: string | undefined, at: number): string {
  const [day = "", time = ""] = new Date(at).toISOString().slice(0, 19).split("T");
  const kind = (errorType ?? "").replace(/[^A-Za-z0-9_.-]/g, "").slice(0, 40) || "failed";
  return `${kind}-${day.replaceAll("-", "")}-${time.replaceAll(":", "")}`;
}

function logOf(base64: string): string {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  // A tail of 4 KB may begin within a character.
  return new TextDecoder().decode(bytes).replace(/^\ufffd+/, "");
}

function faultOf(response: string): FunctionFault | undefined {
  const parsed = parse(response);
  if (parsed === undefined) return undefined;
  const { errorType, errorMessage, stackTrace } = parsed as Record<string, unknown>;
  return {
    errorType: typeof errorType === "string" ? errorType : "",
    errorMessage: typeof errorMessage === "string" ? errorMessage : "",
    stackTrace: Array.isArray(stackTrace) ? stackTrace.map(String) : [],
  };
}

function reportOfText(line: string): Report {
  const amount = (name: string) => {
    const found = new RegExp(`\\t${name}: ([\\d.]+) M?[Bm]s?`).exec(line)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const word = (name: string) => new RegExp(`\\t${name}: ([\\w-]+)`).exec(line)?.[1];
  return compact({
    durationMs: amount("Duration"),
    billedDurationMs: amount("Billed Duration"),
    memorySizeMb: amount("Memory Size"),
    maxMemoryUsedMb: amount("Max Memory Used"),
    initDurationMs: amount("Init Duration") ?? amount("Restore Duration"),
    coldStart: word("Cold Start"),
    startPath: word("Start Path"),
  });
}

function reportOfJson(line: string): Report | undefined {
  const record = parse(line)?.record as { metrics?: Record<string, unknown>; [name: string]: unknown } | undefined;
  const amount = (name: string) => {
    const found = record?.metrics?.[name];
    return typeof found === "number" ? found : undefined;
  };
  const word = (name: string) => {
    const found = record?.[name];
    return typeof found === "string" ? found : undefined;
  };
  return compact({
    durationMs: amount("durationMs"),
    billedDurationMs: amount("billedDurationMs"),
    memorySizeMb: amount("memorySizeMB"),
    maxMemoryUsedMb: amount("maxMemoryUsedMB"),
    initDurationMs: amount("initDurationMs") ?? amount("restoreDurationMs"),
    coldStart: word("coldStart"),
    startPath: word("startPath"),
  });
}

function compact(report: { readonly [name in keyof Required<Report>]: Report[name] | undefined }): Report {
  return Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined));
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

// How logs are written, as it is typed. Pure.
import type { LoggingConfig } from "@aws-sdk/client-lambda";

/** Log formats. */
export const FORMATS = ["Text", "JSON"] as const;
/** Levels of the function's own records. */
export const APPLICATION_LEVELS = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"] as const;
/** Levels of Lambda's own records. */
export const SYSTEM_LEVELS = ["DEBUG", "INFO", "WARN"] as const;

/** What is typed. */
export interface LogDraft {
  readonly format: (typeof FORMATS)[number];
  readonly applicationLevel: (typeof APPLICATION_LEVELS)[number];
  readonly systemLevel: (typeof SYSTEM_LEVELS)[number];
  readonly group: string;
}

const GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;

/** The draft that nothing was typed into. */
export function logDraftOf(config: LoggingConfig | undefined): LogDraft {
  return {
    format: config?.LogFormat ?? "Text",
    applicationLevel: config?.ApplicationLogLevel ?? "INFO",
    systemLevel: config?.SystemLogLevel ?? "INFO",
    group: config?.LogGroup ?? "",
  };
}

/** Whether it names a log group that can be. */
export function isLogGroup(name: string): boolean {
  return GROUP.test(name.trim());
}

/** The members in which two drafts differ; levels count with JSON only. */
export function logDifferences(from: LogDraft, to: LogDraft): ReadonlyArray<keyof LogDraft> {
  const members: ReadonlyArray<keyof LogDraft> =
    to.format === "JSON" ? ["format", "applicationLevel", "systemLevel", "group"] : ["format", "group"];
  return members.filter((member) => from[member].trim() !== to[member].trim());
}

/** What saving asks for: AWS refuses levels beside the text format. */
export function loggingOf(draft: LogDraft): LoggingConfig {
  const levels = { ApplicationLogLevel: draft.applicationLevel, SystemLogLevel: draft.systemLevel };
  return { LogFormat: draft.format, LogGroup: draft.group.trim(), ...(draft.format === "JSON" ? levels : {}) };
}

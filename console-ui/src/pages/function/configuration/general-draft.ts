// The general configuration as it is typed: from a configuration, what is wrong with it, and what it changes. Pure.
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { ConfigurationChange } from "../../../api/configuration";
import { wholeNumber } from "./whole-number";

/** What is typed, field by field. */
export interface GeneralDraft {
  readonly description: string;
  readonly memory: string;
  readonly storage: string;
  readonly minutes: string;
  readonly seconds: string;
  readonly handler: string;
  readonly runtime: string;
  readonly role: string;
}

/** A field of the form. */
export type GeneralField = "description" | "memory" | "storage" | "timeout" | "handler" | "runtime" | "role";

const MEMORY_MB = [128, 10_240] as const;
const STORAGE_MB = [512, 10_240] as const;
const TIMEOUT_SECONDS = [1, 900] as const;
const HANDLER = /^\S{1,128}$/;
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const MOST_DESCRIPTION = 256;

/** The draft of a configuration that nothing was typed into. */
export function generalDraftOf(configuration: FunctionConfiguration): GeneralDraft {
  const timeout = configuration.Timeout ?? 3;
  return {
    description: configuration.Description ?? "",
    memory: String(configuration.MemorySize ?? MEMORY_MB[0]),
    storage: String(configuration.EphemeralStorage?.Size ?? STORAGE_MB[0]),
    minutes: String(Math.floor(timeout / 60)),
    seconds: String(timeout % 60),
    handler: configuration.Handler ?? "",
    runtime: configuration.Runtime ?? "",
    role: configuration.Role ?? "",
  };
}

const isWithin = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;

/** The timeout that is typed, seconds; an empty part counts as 0. */
export function timeoutOf({ minutes, seconds }: Pick<GeneralDraft, "minutes" | "seconds">): number {
  return wholeNumber(minutes.trim() || "0") * 60 + wholeNumber(seconds.trim() || "0");
}

/** The fields that cannot be saved as they are. */
export function generalErrors(draft: GeneralDraft): ReadonlySet<GeneralField> {
  const wrong = new Set<GeneralField>();
  if ([...draft.description].length > MOST_DESCRIPTION) wrong.add("description");
  if (!isWithin(wholeNumber(draft.memory), MEMORY_MB)) wrong.add("memory");
  if (!isWithin(wholeNumber(draft.storage), STORAGE_MB)) wrong.add("storage");
  if (!isWithin(timeoutOf(draft), TIMEOUT_SECONDS)) wrong.add("timeout");
  if (!HANDLER.test(draft.handler.trim())) wrong.add("handler");
  if (!ROLE.test(draft.role.trim())) wrong.add("role");
  return wrong;
}

/** The fields in which two drafts differ. */
export function generalDifferences(from: GeneralDraft, to: GeneralDraft): readonly GeneralField[] {
  const fields: readonly GeneralField[] = ["description", "memory", "storage", "timeout", "handler", "runtime", "role"];
  return fields.filter((field) =>
    field === "timeout" ? timeoutOf(from) !== timeoutOf(to) : from[field].trim() !== to[field].trim(),
  );
}

/** What saving `draft` asks for: only what was changed from `before`, so that what others change meanwhile stays. */
export function generalChange(before: GeneralDraft, draft: GeneralDraft): ConfigurationChange {
  const values: Record<GeneralField, ConfigurationChange> = {
    description: { Description: draft.description.trim() },
    memory: { MemorySize: wholeNumber(draft.memory) },
    storage: { EphemeralStorage: { Size: wholeNumber(draft.storage) } },
    timeout: { Timeout: timeoutOf(draft) },
    handler: { Handler: draft.handler.trim() },
    runtime: { Runtime: draft.runtime as NonNullable<ConfigurationChange["Runtime"]> },
    role: { Role: draft.role.trim() },
  };
  return Object.assign({}, ...generalDifferences(before, draft).map((field) => values[field])) as ConfigurationChange;
}

/** The field that a refusal of the server is about, such as "… Value '64' at 'memorySize' failed to satisfy …". */
export function fieldOfMessage(message: string): GeneralField | undefined {
  const member = /at '([A-Za-z]+)/.exec(message)?.[1]?.toLowerCase();
  const fields: Record<string, GeneralField> = {
    description: "description",
    memorysize: "memory",
    ephemeralstorage: "storage",
    timeout: "timeout",
    handler: "handler",
    runtime: "runtime",
    role: "role",
  };
  if (member !== undefined) return fields[member];
  return message.startsWith("The runtime parameter") ? "runtime" : undefined;
}

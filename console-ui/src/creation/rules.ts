// What is wrong with a draft, before the server is asked. Pure. The rules are Lambda's.
import { LONGEST_NAME, type Draft, type Field, type Pair } from "./draft";

/** Why a field cannot be taken; the page words it. */
export type Problem =
  | "name-missing"
  | "name-letters"
  | "name-long"
  | "name-taken"
  | "description-long"
  | "runtime-missing"
  | "handler-missing"
  | "handler-space"
  | "handler-long"
  | "memory-range"
  | "timeout-range"
  | "role-missing"
  | "role-pattern"
  | "key-missing"
  | "key-pattern"
  | "key-twice"
  | "tag-long"
  | "tags-many"
  | "code-missing";

/** Problems by field. */
export type Problems = Partial<Record<Field, Problem>>;

/** Least and most memory, MB. */
export const MEMORY = [128, 10_240] as const;
/** Least and most timeout, seconds. */
export const TIMEOUT = [1, 900] as const;
/** The longest description, characters. */
export const LONGEST_DESCRIPTION = 256;
/** The longest handler, characters. */
export const LONGEST_HANDLER = 128;
/** Tags of a function. */
export const MOST_TAGS = 50;
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;

const NAME = /^[a-zA-Z0-9-_]+$/;
const ROLE = /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;
const VARIABLE = /^[a-zA-Z][a-zA-Z0-9_]+$/;

/** What is wrong with a name as it is being typed: an empty one is not yet wrong. */
export function nameProblem(name: string, taken: ReadonlySet<string>): Problem | undefined {
  const trimmed = name.trim();
  if (trimmed === "") return undefined;
  if (!NAME.test(trimmed)) return "name-letters";
  if (trimmed.length > LONGEST_NAME) return "name-long";
  return taken.has(trimmed) ? "name-taken" : undefined;
}

/** What is wrong with any field, on the way to the server. */
export function problemsOf(draft: Draft, taken: ReadonlySet<string>, hasCode: boolean): Problems {
  const found: { [field in Field]?: Problem | undefined } = {
    name: draft.name.trim() === "" ? "name-missing" : nameProblem(draft.name, taken),
    description: draft.description.length > LONGEST_DESCRIPTION ? "description-long" : undefined,
    runtime: draft.runtime === "" ? "runtime-missing" : undefined,
    handler: handlerProblem(draft.handler.trim()),
    memory: isWithin(draft.memory, MEMORY) ? undefined : "memory-range",
    timeout: isWithin(draft.timeout, TIMEOUT) ? undefined : "timeout-range",
    role: roleProblem(draft),
    environment: draft.environment.map((_, index) => variableProblem(draft.environment, index)).find(Boolean),
    tags:
      draft.tags.length > MOST_TAGS
        ? "tags-many"
        : draft.tags.map((_, index) => tagProblem(draft.tags, index)).find(Boolean),
    code: hasCode ? undefined : "code-missing",
  };
  return Object.fromEntries(Object.entries(found).filter(([, problem]) => problem)) as Problems;
}

/** What is wrong with the key of an environment variable. */
export function variableProblem(pairs: readonly Pair[], index: number): Problem | undefined {
  const key = pairs[index]?.key.trim() ?? "";
  if (key === "") return "key-missing";
  if (!VARIABLE.test(key)) return "key-pattern";
  return isTwice(pairs, index) ? "key-twice" : undefined;
}

/** What is wrong with a tag. */
export function tagProblem(pairs: readonly Pair[], index: number): Problem | undefined {
  const { key, value } = pairs[index] ?? { key: "", value: "" };
  if (key.trim() === "") return "key-missing";
  if (key.trim().length > LONGEST_TAG_KEY || value.length > LONGEST_TAG_VALUE) return "tag-long";
  return isTwice(pairs, index) ? "key-twice" : undefined;
}

function handlerProblem(handler: string): Problem | undefined {
  if (handler === "") return "handler-missing";
  if (/\s/.test(handler)) return "handler-space";
  return handler.length > LONGEST_HANDLER ? "handler-long" : undefined;
}

function roleProblem({ roleKind, role }: Draft): Problem | undefined {
  if (roleKind === "new") return undefined;
  if (role.trim() === "") return "role-missing";
  return ROLE.test(role.trim()) ? undefined : "role-pattern";
}

function isWithin(text: string, [least, most]: readonly [number, number]): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most;
}

function isTwice(pairs: readonly Pair[], index: number): boolean {
  const key = pairs[index]?.key.trim();
  return pairs.some((pair, other) => other !== index && pair.key.trim() === key);
}

// Which fields the server's refusal is about: AWS names them in its messages. Pure.
import type { Failure } from "../api/errors";
import type { Field } from "./draft";

/** Messages by field; `rest` is what belongs to none, for the form's top. */
export interface Refusal {
  readonly fields: Readonly<Partial<Record<Field, string>>>;
  readonly rest: string | undefined;
}

/** Members of CreateFunction (and CreateRole) as validation errors name them. */
const MEMBERS: Readonly<Record<string, Field>> = {
  functionname: "name",
  description: "description",
  runtime: "runtime",
  handler: "handler",
  memorysize: "memory",
  timeout: "timeout",
  role: "role",
  rolename: "role",
  environment: "environment",
  tags: "tags",
  code: "code",
};

/** Messages that name no member, by what they say; the first that fits. */
const SENTENCES: ReadonlyArray<readonly [RegExp, Field]> = [
  [/^Function already exist/i, "name"],
  [/^Runtime and Handler are mandatory/i, "runtime"],
  [/\bruntime parameter\b/i, "runtime"],
  [/environment variables/i, "environment"],
  [/\btag(s|ging)?\b/i, "tags"],
  [/\brole\b/i, "role"],
  [/unzip|zipped size|zip file|source for function code|code storage/i, "code"],
  [/\bhandler\b/i, "handler"],
  [/\bMemorySize\b/i, "memory"],
];

const CONSTRAINT = /(?:Value (?:'[^]*?' )?|Value \S+ )at '([^']+)' failed to satisfy constraint: /g;
const LONGEST_MESSAGE = 600;

/** Sorts a refusal by fields. */
export function refusalOf({ code, message, kind }: Pick<Failure, "code" | "message" | "kind">): Refusal {
  if (code === "RequestEntityTooLargeException" || code === "CodeStorageExceededException") {
    return { fields: { code: short(message) }, rest: undefined };
  }
  if (kind !== "invalid" && kind !== "conflict") return { fields: {}, rest: message };
  const constraints = constraintsOf(message);
  if (constraints.length > 0) {
    const fields: Partial<Record<Field, string>> = {};
    const rest: string[] = [];
    for (const { member, text } of constraints) {
      const field = MEMBERS[member.split(".")[0]!.toLowerCase()];
      if (!field) rest.push(text);
      else fields[field] = fields[field] ? `${fields[field]}; ${text}` : text;
    }
    return { fields, rest: rest.length > 0 ? rest.join("; ") : undefined };
  }
  const field = SENTENCES.find(([pattern]) => pattern.test(message))?.[1];
  return field ? { fields: { [field]: short(message) }, rest: undefined } : { fields: {}, rest: message };
}

function constraintsOf(message: string): Array<{ member: string; text: string }> {
  const found = [...message.matchAll(CONSTRAINT)];
  return found.map((match, index) => {
    const end = found[index + 1]?.index ?? message.length;
    const text = message.slice(match.index, end).replace(/;\s*$/, "");
    return { member: match[1]!, text: short(text) };
  });
}

function short(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;
}

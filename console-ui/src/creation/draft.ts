// A function to be: what is typed of it, laid over what its way suggests. Pure.
import type { CreateFunctionCommandInput, Runtime } from "@aws-sdk/client-lambda";

/** How the code comes about. */
export type Way = "scratch" | "blueprint" | "zip";

/** The ways, as they are offered. */
export const WAYS: readonly Way[] = ["scratch", "blueprint", "zip"];

/** A row of keys and values. */
export interface Pair {
  readonly key: string;
  readonly value: string;
}

/** All that is asked about a function beside its code; numbers as they are typed. */
export interface Draft {
  readonly name: string;
  readonly description: string;
  readonly runtime: string;
  readonly handler: string;
  readonly memory: string;
  readonly timeout: string;
  readonly environment: readonly Pair[];
  readonly tags: readonly Pair[];
  /** The role: a new one, one of the account's, or any by its ARN. */
  readonly roleKind: "new" | "existing" | "arn";
  /** The role's ARN, unless it is to be made. */
  readonly role: string;
  /** Whether the packages that `requirements.txt` names are installed. */
  readonly requirements: boolean;
}

/** A field of the form, where an error can stand. */
export type Field = Exclude<keyof Draft, "roleKind" | "requirements"> | "code";

/** What is typed; the rest is as suggested. */
export type Typed = Partial<Draft>;

/** Lambda's defaults. */
export const DEFAULTS: Draft = {
  name: "",
  description: "",
  runtime: "",
  handler: "lambda_function.lambda_handler",
  memory: "128",
  timeout: "3",
  environment: [],
  tags: [],
  roleKind: "new",
  role: "",
  requirements: false,
};

/** The starter of "Author from scratch", as AWS has it. */
export const STARTER: Readonly<Record<string, string>> = {
  "lambda_function.py": `import json

def lambda_handler(event, context):
    # Your code goes here
    return {
        'statusCode': 200,
        'body': json.dumps('Hello from Lambda!')
    }
`,
};

/** The longest bare name of a function. */
export const LONGEST_NAME = 64;

/** `base`, cut to a name's length and numbered if it is taken. */
export function freeName(base: string, taken: ReadonlySet<string>): string {
  const clean = base.replace(/[^a-zA-Z0-9-_]+/g, "-").replace(/^-+|-+$/g, "").slice(0, LONGEST_NAME);
  if (clean === "" || !taken.has(clean)) return clean;
  for (let number = 2; ; number++) {
    const suffix = `-${number}`;
    const name = `${clean.slice(0, LONGEST_NAME - suffix.length)}${suffix}`;
    if (!taken.has(name)) return name;
  }
}

/** The runtime `wanted` where the host has it, else the newest that it has; `found` from the oldest to the newest. */
export function runtimeFor(wanted: string | undefined, found: readonly string[]): string {
  return (wanted !== undefined && found.includes(wanted) ? wanted : found.at(-1)) ?? "";
}

/** The name of the role that is made for a function; `suffix` tells it from an earlier one's. */
export function roleNameOf(functionName: string, suffix: string): string {
  const end = `-role-${suffix}`;
  return `${functionName.slice(0, LONGEST_NAME - end.length)}${end}`;
}

/** The request that creates the function. */
export function requestOf(draft: Draft, role: string, zip: Uint8Array): CreateFunctionCommandInput {
  const environment = recordOf(draft.environment);
  const tags = recordOf(draft.tags);
  return {
    FunctionName: draft.name.trim(),
    Role: role,
    Runtime: draft.runtime as Runtime,
    Handler: draft.handler.trim(),
    MemorySize: Number(draft.memory),
    Timeout: Number(draft.timeout),
    PackageType: "Zip",
    Code: { ZipFile: zip },
    ...(draft.description ? { Description: draft.description } : {}),
    ...(Object.keys(environment).length > 0 ? { Environment: { Variables: environment } } : {}),
    ...(Object.keys(tags).length > 0 ? { Tags: tags } : {}),
  };
}

/** Rows of a record. */
export function pairsOf(record: Readonly<Record<string, string>>): readonly Pair[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}

function recordOf(pairs: readonly Pair[]): Record<string, string> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key.trim(), value]));
}

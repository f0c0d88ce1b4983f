// Environment variables: which keys Lambda takes, and how large they may be together. Pure.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
import { isRepeated, type Pair, type Values } from "./pairs";

/** All variables as JSON, bytes, at most. */
export const MOST_BYTES = 4_096;

/** What is wrong with a key. */
export type KeyProblem = "emptyKey" | "keyPattern" | "reserved" | "duplicate";

const KEY = /^[a-zA-Z][a-zA-Z0-9_]+$/;

const RESERVED: ReadonlySet<string> = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_SESSION_EXPIRATION",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
  "TZ",
]);

/** What is wrong with the key of a row. */
export function keyProblem(pairs: readonly Pair[], index: number): KeyProblem | undefined {
  const key = pairs[index]?.key.trim() ?? "";
  if (key === "") return "emptyKey";
  if (RESERVED.has(key)) return "reserved";
  if (!KEY.test(key)) return "keyPattern";
  return isRepeated(pairs, index) ? "duplicate" : undefined;
}

/** The size that Lambda measures, bytes. */
export function sizeOf(values: Values): number {
  return new TextEncoder().encode(JSON.stringify(values)).length;
}

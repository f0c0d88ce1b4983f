// What the filter of the list looks into.
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";

/** A function's text: what its columns say, and its tags as `key=value` where they are known. */
export function textOf(item: FunctionConfiguration, tags: Readonly<Record<string, string>> | undefined): string {
  const { FunctionName, Description, Runtime, PackageType } = item;
  const pairs = Object.entries(tags ?? {}).map(([key, value]) => `${key}=${value}`);
  return [FunctionName, Description, Runtime, PackageType, ...pairs].filter(Boolean).join("\n");
}

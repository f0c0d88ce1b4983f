// Tags: how many, how long. Pure. https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html
import { isRepeated, type Pair } from "./pairs";

/** Tags of a function at most. */
export const MOST_TAGS = 50;

/** What may be wrong with a tag. */
export type TagProblem = "emptyKey" | "keyLength" | "valueLength" | "duplicate";

/** What is wrong with a row. */
export function tagProblem(pairs: readonly Pair[], index: number): TagProblem | undefined {
  const { key = "", value = "" } = pairs[index] ?? {};
  if (key.trim() === "") return "emptyKey";
  if ([...key.trim()].length > 128) return "keyLength";
  if ([...value].length > 256) return "valueLength";
  return isRepeated(pairs, index) ? "duplicate" : undefined;
}

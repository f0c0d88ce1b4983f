import { expect, test } from "vitest";
import { en } from "../i18n/messages";
import { startInWords } from "./start";

test.each([
  ["first", "pool-hit", "First call · pool hit"],
  ["code-changed", null, "Code changed"],
  ["of-tomorrow", "by-magic", "of-tomorrow · by-magic"],
  [null, null, undefined],
])("a start because of %s by %s is told as %s", (coldStartReason, startPath, told) => {
  expect(startInWords({ coldStartReason, startPath }, en.starts)).toBe(told);
});

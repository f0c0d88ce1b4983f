import { expect, test } from "vitest";
import { requestLines, requestPattern } from "./request";

const A = "aaaaaaaa-0000-0000-0000-000000000000";
const B = "bbbbbbbb-0000-0000-0000-000000000000";
const lines = (...messages: string[]) => messages.map((message, at) => ({ id: String(at), at, message }));
const texts = (of: string, ...messages: string[]) => requestLines(lines(...messages), of).map(({ message }) => message);

test("what stands between START and END belongs to the request, and its REPORT", () => {
  const own = [`START RequestId: ${A} Version: 1`, "printed", `END RequestId: ${A}`, `REPORT RequestId: ${A}\tDuration: 1 ms`];
  const other = [`START RequestId: ${B} Version: 1`, "other", `END RequestId: ${B}`, `REPORT RequestId: ${B}\tDuration: 1 ms`];
  expect(texts(A, "INIT_START x", ...other, ...own, "between", ...other)).toEqual(own);
});

test("a request without an END goes up to the next one", () => {
  const own = [`START RequestId: ${A} Version: 1`, "printed"];
  expect(texts(A, ...own, "INIT_START x", "loading", `START RequestId: ${B} Version: 1`, "other")).toEqual(own);
  expect(texts(A, ...own)).toEqual(own);
});

test("a retry in the same stream belongs to it too", () => {
  const run = [`START RequestId: ${A} Version: 1`, "try", `END RequestId: ${A}`];
  expect(texts(A, ...run, "between", ...run)).toEqual([...run, ...run]);
});

test("a request's pattern cannot be broken out of", () => {
  expect(requestPattern(A)).toBe(`"${A}"`);
  expect(requestPattern('a" || "b\\')).toBe('"a || b"');
});

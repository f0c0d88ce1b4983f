import { expect, test } from "vitest";
import { asText, groupOf, merged, type LogLine } from "./line";

const line = (id: string, at: number, rest: Partial<LogLine> = {}): LogLine => ({ id, at, message: id, ...rest });
const ids = (lines: readonly LogLine[]) => lines.map(({ id }) => id).join("");

test("a group is known by its name, its account and name, or its ARN", () => {
  for (const text of ["/aws/lambda/a", "000000000000:/aws/lambda/a", "arn:aws:logs:us-east-1:000000000000:log-group:/aws/lambda/a:*"]) {
    expect(groupOf(text)).toBe("/aws/lambda/a");
  }
});

test("what comes again is left out, what comes late takes its place", () => {
  const before = [line("a", 1), line("b", 5)];
  expect(merged(before, [line("b", 5)], 5, 10)).toBe(before);
  expect(ids(merged(before, [line("b", 5), line("c", 6)], 5, 10))).toBe("abc");
  expect(ids(merged(before, [line("z", 3), line("c", 6)], 0, 10))).toBe("azbc");
  expect(ids(merged([], [line("a", 1), line("b", 1)], 0, 10))).toBe("ab");
});

test("no more lines stay than may", () => {
  expect(ids(merged([line("a", 1), line("b", 2)], [line("c", 3), line("d", 4)], 2, 3))).toBe("bcd");
});

test("the text of several streams names them", () => {
  expect(asText([line("x", 0, { message: "one\rtwo\n" })])).toBe("1970-01-01T00:00:00.000Z\tone\ntwo\n");
  expect(asText([line("x", 0, { stream: "s" }), line("y", 0, { stream: "t" })])).toContain("Z\tt\ty\n");
  expect(asText([])).toBe("");
});

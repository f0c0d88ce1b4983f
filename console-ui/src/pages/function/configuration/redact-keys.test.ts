import { expect, test } from "vitest";
import { redactProblem, withKey } from "./redact-keys";

test("a key is added once, in whatever case", () => {
  expect(withKey(["token"], " pin ")).toEqual(["token", "pin"]);
  expect(withKey(["token"], "TOKEN")).toEqual(["token"]);
  expect(withKey(["token"], "  ")).toEqual(["token"]);
  expect(redactProblem(["token"], "Token")).toBe("redactTwice");
});

test("keys are bounded", () => {
  expect(redactProblem([], "é".repeat(128))).toBeUndefined();
  expect(redactProblem([], "é".repeat(129))).toBe("redactTooLong");
  expect(redactProblem(Array.from({ length: 100 }, (_, index) => `k${index}`), "more")).toBe("redactTooMany");
});

import { expect, test } from "vitest";
import { failureOf, isGone, isPassing } from "./errors";

const thrown = (name: string, httpStatusCode: number) => ({ name, message: "m", $metadata: { httpStatusCode } });

test("the code counts before the status", () => {
  expect(isGone(thrown("ResourceNotFoundException", 400))).toBe(true);
  expect(isGone(thrown("InvalidParameterException", 400))).toBe(false);
  expect(isPassing(thrown("ThrottlingException", 400))).toBe(true);
  expect(failureOf(thrown("ResourceAlreadyExistsException", 400)).kind).toBe("conflict");
});

test("without a telling code the status counts", () => {
  expect(failureOf(thrown("ServiceException", 500)).kind).toBe("fault");
  expect(failureOf(thrown("X", 404)).kind).toBe("gone");
  expect(failureOf(new TypeError("Failed to fetch"))).toMatchObject({ code: "unreachable", kind: "unreachable" });
});

import { expect, test } from "vitest";
import { isLogGroup, logDifferences, logDraftOf, loggingOf } from "./log-draft";

const text = logDraftOf({ LogFormat: "Text", LogGroup: "/aws/lambda/f" });

test("levels belong to JSON", () => {
  expect(loggingOf({ ...text, applicationLevel: "DEBUG" })).toEqual({ LogFormat: "Text", LogGroup: "/aws/lambda/f" });
  expect(logDifferences(text, { ...text, applicationLevel: "DEBUG" })).toEqual([]);
  const json = { ...text, format: "JSON" as const, applicationLevel: "DEBUG" as const };
  expect(logDifferences(text, json)).toEqual(["format", "applicationLevel"]);
  expect(loggingOf(json)).toEqual({
    LogFormat: "JSON",
    LogGroup: "/aws/lambda/f",
    ApplicationLogLevel: "DEBUG",
    SystemLogLevel: "INFO",
  });
});

test("a log group's name is held to the model's pattern", () => {
  expect(isLogGroup("/aws/lambda/f_1-2.3#x")).toBe(true);
  expect(isLogGroup("")).toBe(false);
  expect(isLogGroup("a b")).toBe(false);
});

import { describe, expect, test } from "vitest";
import { readLine } from "./reading";

const ID = "4069c76a-64e0-428a-9788-217253a32be4";

describe("the platform's lines", () => {
  test("START and END name the request", () => {
    expect(readLine(`START RequestId: ${ID} Version: $LATEST\n`)).toEqual({ kind: "start", level: "platform", requestId: ID });
    expect(readLine(`END RequestId: ${ID}\n`)).toEqual({ kind: "end", level: "platform", requestId: ID });
  });

  test("REPORT tells durations and memory", () => {
    const text = `REPORT RequestId: ${ID}\tDuration: 12.98 ms\tBilled Duration: 16 ms\tMemory Size: 128 MB\tMax Memory Used: 4 MB\tInit Duration: 2.03 ms\t\n`;
    expect(readLine(text)).toEqual({
      kind: "report",
      level: "platform",
      requestId: ID,
      report: { durationMs: 12.98, billedMs: 16, memoryMb: 128, usedMb: 4, initMs: 2.03 },
    });
  });

  test("a REPORT of a failure is an error", () => {
    const text = `REPORT RequestId: ${ID}\tDuration: 3000.00 ms\tStatus: error\tError Type: Runtime.ExitError\n`;
    expect(readLine(text)).toMatchObject({ level: "error", report: { status: "error", errorType: "Runtime.ExitError" } });
  });

  test("their JSON form reads the same", () => {
    const start = { time: "t", type: "platform.start", record: { requestId: ID, version: "1" } };
    expect(readLine(JSON.stringify(start))).toMatchObject({ kind: "start", level: "platform", requestId: ID });
    const metrics = { durationMs: 1.5, billedDurationMs: 2, memorySizeMB: 128, maxMemoryUsedMB: 30 };
    const report = { time: "t", type: "platform.report", record: { requestId: ID, status: "timeout", metrics } };
    expect(readLine(JSON.stringify(report))).toMatchObject({
      kind: "report",
      level: "error",
      requestId: ID,
      report: { durationMs: 1.5, billedMs: 2, memoryMb: 128, usedMb: 30, status: "timeout" },
    });
  });

  test("INIT_START belongs to no request", () => {
    expect(readLine("INIT_START Runtime Version: python:3.13\n")).toEqual({ kind: "init", level: "platform" });
  });
});

describe("a function's lines", () => {
  test.each([
    ["[ERROR] KeyError: 'key'\rTraceback (most recent call last):", "error"],
    [`2026-11-25T14:30:01.961Z ${ID} Task timed out after 3.00 seconds\n\n`, "error"],
    [`RequestId: ${ID} Error: Runtime exited with error: exit status 1\n`, "error"],
    [`[WARNING]\t2026-11-25T14:29:58.846Z\t${ID}\tdisk is nearly full`, "warning"],
    ['{"level": "ERROR", "message": "declined"}', "error"],
    ['{"level": "warn"}', "warning"],
    ["no errors here", "plain"],
    ["", "plain"],
  ])("%s", (message, level) => expect(readLine(message).level).toBe(level));

  test("the request is known where the runtime wrote it", () => {
    expect(readLine(`[INFO]\t2026-11-25T14:29:58.846Z\t${ID}\thello`).requestId).toBe(ID);
    expect(readLine(`{"requestId": "${ID}"}`).requestId).toBe(ID);
    expect(readLine(`order ${ID} placed`).requestId).toBeUndefined();
  });

  test("only whole objects and arrays are JSON", () => {
    expect(readLine('{"a": 1}\n').json).toEqual({ a: 1 });
    expect(readLine("[1, 2]").json).toEqual([1, 2]);
    for (const text of ["{half", "12", '"text"', "[INFO] x]"]) expect(readLine(text).json).toBeUndefined();
  });
});

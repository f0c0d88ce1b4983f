import { describe, expect, it } from "vitest";
import { failingEventName, outcomeOf, reportOf } from "./outcome";

const REPORT =
  "REPORT RequestId: bbe6\tDuration: 13.98 ms\tBilled Duration: 16 ms\tMemory Size: 128 MB\tMax Memory Used: 4 MB\tInit Duration: 1.33 ms\tCold Start: scale-out\tStart Path: pool-hit\t\n";
const bytes = (text: string) => new TextEncoder().encode(text);

describe("an outcome", () => {
  it("of a success has response, numbers and log", () => {
    const log = `START RequestId: bbe6 Version: $LATEST\né\n${REPORT}`;
    const outcome = outcomeOf("RequestResponse", {
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: bytes('"é"'),
      LogResult: btoa(String.fromCharCode(...bytes(log))),
      $metadata: { requestId: "bbe6" },
    });
    expect(outcome).toEqual({
      status: "succeeded",
      requestId: "bbe6",
      executedVersion: "$LATEST",
      response: '"é"',
      log,
      report: {
        durationMs: 13.98,
        billedDurationMs: 16,
        memorySizeMb: 128,
        maxMemoryUsedMb: 4,
        initDurationMs: 1.33,
        coldStart: "scale-out",
        startPath: "pool-hit",
      },
    });
  });

  it("of a failure has the function's error", () => {
    const Payload = bytes('{"errorMessage": "no", "errorType": "KeyError", "stackTrace": ["a"]}');
    expect(outcomeOf("RequestResponse", { FunctionError: "Unhandled", Payload })).toMatchObject({
      status: "failed",
      fault: { errorType: "KeyError", errorMessage: "no", stackTrace: ["a"] },
    });
    expect(outcomeOf("RequestResponse", { FunctionError: "Unhandled", Payload: bytes("oops") }).fault).toBeUndefined();
  });

  it("of a queued event or a dry run has no response", () => {
    expect(outcomeOf("Event", { StatusCode: 202, $metadata: { requestId: "r" } })).toEqual({ status: "queued", requestId: "r" });
    expect(outcomeOf("DryRun", { StatusCode: 204 })).toEqual({ status: "allowed" });
  });

  it("reads reports in JSON, and none where there is none", () => {
    const metrics = { durationMs: 2, memorySizeMB: 128 };
    const warm = JSON.stringify({ type: "platform.report", record: { metrics } });
    expect(reportOf(`x\n${warm}\n`)).toEqual({ durationMs: 2, memorySizeMb: 128 });
    const cold = JSON.stringify({ type: "platform.report", record: { metrics, coldStart: "first", startPath: "pool-miss" } });
    expect(reportOf(cold)).toEqual({ durationMs: 2, memorySizeMb: 128, coldStart: "first", startPath: "pool-miss" });
    expect(reportOf("x\n")).toBeUndefined();
  });
});

it("an event that failed is named after its error and time", () => {
  const at = Date.UTC(2026, 0, 31, 14, 25, 1);
  expect(failingEventName("Runtime.Exit Error", at)).toBe("Runtime.ExitError-20260131-142501");
  expect(failingEventName(undefined, at)).toBe("failed-20260131-142501");
});

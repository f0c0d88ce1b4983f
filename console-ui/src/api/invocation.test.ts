import { expect, test } from "vitest";
import { mayBeRetried } from "./invocation";
import type { InvocationSummary } from "./invocations";

const failed = { invocationType: "Event", status: "failed", attempts: 1, endedAt: 1_000 } as InvocationSummary;

test("only what failed asynchronously, lately, and not too often is tried again", () => {
  expect(mayBeRetried(failed, 2_000)).toBe(true);
  expect(mayBeRetried({ ...failed, attempts: 3 }, 2_000)).toBe(false);
  expect(mayBeRetried({ ...failed, status: "succeeded" }, 2_000)).toBe(false);
  expect(mayBeRetried({ ...failed, invocationType: "RequestResponse" }, 2_000)).toBe(false);
  expect(mayBeRetried(failed, 3_600_000)).toBe(false);
});

import { expect, test } from "vitest";
import { isPassing } from "./errors";
import { isUnanswered, untilSilent } from "./live-tail";

async function* events(count: number, end?: Promise<void>) {
  for (let i = 0; i < count; i++) yield i;
  await end;
}

test("events pass until their source ends", async () => {
  const seen: number[] = [];
  for await (const event of untilSilent(events(3), 1_000)) seen.push(event);
  expect(seen).toEqual([0, 1, 2]);
});

test("a silent source is a lost connection", async () => {
  const seen: number[] = [];
  const watch = async () => {
    for await (const event of untilSilent(events(1, new Promise(() => undefined)), 5)) seen.push(event);
  };
  const error = await watch().catch((error: unknown) => error);
  expect(seen).toEqual([0]);
  expect(isPassing(error)).toBe(true);
});

test("a server without the operation is told from others", () => {
  expect(isUnanswered({ name: "NotImplementedException", message: "", $metadata: { httpStatusCode: 501 } })).toBe(true);
  expect(isUnanswered({ name: "ServiceUnavailable", message: "", $metadata: { httpStatusCode: 503 } })).toBe(false);
  expect(isUnanswered(new TypeError("Failed to fetch"))).toBe(false);
});

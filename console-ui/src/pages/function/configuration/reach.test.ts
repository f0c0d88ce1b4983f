import { expect, test } from "vitest";
import { NETWORK_MODES } from "../../../api/network";
import { reachOf } from "./reach";

test("what the host offers is what a function gets", () => {
  for (const mode of NETWORK_MODES) expect(reachOf({ mode, offered: NETWORK_MODES })).toBe(mode);
});

test("without a router, outbound is the host's network, and none still none", () => {
  const offered = ["none", "host"] as const;
  expect(NETWORK_MODES.map((mode) => reachOf({ mode, offered }))).toEqual(["host", "none", "host"]);
});

test("a function that asks for no network gets no more than that, though it cannot start", () => {
  expect(NETWORK_MODES.map((mode) => reachOf({ mode, offered: ["host"] }))).toEqual(["host", "refused", "host"]);
});

import { expect, test } from "vitest";
import { changeOf, differingKeys, pairsOf, rebased, valuesOf } from "./pairs";
import { keyProblem, MOST_BYTES, sizeOf } from "./variables";

const rows = (...keys: string[]) => keys.map((key) => ({ key, value: "v", isStored: false }));

test("keys are held to Lambda's rules", () => {
  expect(keyProblem(rows("LANG"), 0)).toBeUndefined();
  expect(keyProblem(rows(" "), 0)).toBe("emptyKey");
  expect(keyProblem(rows("A"), 0)).toBe("keyPattern");
  expect(keyProblem(rows("1A"), 0)).toBe("keyPattern");
  expect(keyProblem(rows("A-B"), 0)).toBe("keyPattern");
  expect(keyProblem(rows("_HANDLER"), 0)).toBe("reserved");
  expect(keyProblem(rows("AWS_REGION"), 0)).toBe("reserved");
  expect(keyProblem(rows("AB", "AB "), 1)).toBe("duplicate");
});

test("four kilobytes of JSON is the limit, in bytes", () => {
  // {"K1":"…"} is 9 bytes beside the value.
  expect(sizeOf({ K1: "x".repeat(MOST_BYTES - 9) })).toBe(MOST_BYTES);
  expect(sizeOf({ K1: "é" })).toBe(11);
  expect(sizeOf({})).toBe(2);
});

test("rows and values are the same thing", () => {
  expect(pairsOf({ B: "2", A: "1" }).map(({ key }) => key)).toEqual(["A", "B"]);
  expect(valuesOf(rows(" AB "))).toEqual({ AB: "v" });
});

test("a change is laid over what others saved", () => {
  const before = { A: "1", B: "2", C: "3" };
  expect(changeOf(before, { A: "1", B: "9", D: "4" })).toEqual({ set: { B: "9", D: "4" }, removed: ["C"] });
  expect(rebased(before, { A: "1", B: "9", D: "4" }, { A: "5", B: "2", C: "3", E: "6" })).toEqual({
    A: "5",
    B: "9",
    D: "4",
    E: "6",
  });
  expect(differingKeys(before, { A: "1", B: "9" })).toEqual(["B", "C"]);
});

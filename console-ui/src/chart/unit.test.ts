import { describe, expect, it } from "vitest";
import { formatIn } from "../i18n/format";
import { areAlike, conversion, unitNamed, writeValue } from "./unit";

const english = formatIn("en");
const write = (value: number | undefined, unit?: string) => writeValue(value, unit, english);

describe("a value", () => {
  it("is written in the unit that reads well", () => {
    expect(write(12.3456, "Milliseconds")).toBe("12.35 ms");
    expect(write(1_500, "Milliseconds")).toBe("1.5 sec");
    expect(write(90, "Seconds")).toBe("1.5 min");
    expect(write(2_500, "Microseconds")).toBe("2.5 ms");
    expect(write(-1_500, "Milliseconds")).toBe("-1.5 sec");
    expect(write(2_048, "Bytes")).toBe("2 kB");
    expect(write(3, "Megabytes")).toBe("3 MB");
    expect(write(3, "Kilobytes/Second")).toBe("3 kB/s");
    expect(write(1_500, "Kilobits")).toBe("1.5 Mbit");
    expect(write(99.5, "Percent")).toBe("99.5%");
    expect(write(1_234, "Count")).toBe("1,234");
    expect(write(7, "Count/Second")).toBe("7/s");
    expect(write(0.00123)).toBe("0.00123");
    expect(write(undefined, "Count")).toBe("–");
  });

  it("shares an axis with what is measured alike", () => {
    expect(areAlike("Seconds", "Milliseconds")).toBe(true);
    expect(areAlike("Bytes", "Bits")).toBe(false);
    expect(areAlike("Count", "Count/Second")).toBe(false);
    expect(areAlike(undefined, "Count")).toBe(true);
    expect(conversion("Seconds", "Milliseconds")).toBe(1_000);
    expect(conversion("Kilobytes", "Megabytes")).toBe(1 / 1_024);
    expect(unitNamed("Furlongs").measure).toBe("number");
  });
});

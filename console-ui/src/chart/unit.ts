// CloudWatch's units as people read them: 1,500 milliseconds are 1.5 s, 2,048 bytes are 2 kB.
import type { Format } from "../i18n/format";

/** What a value measures. */
export type Measure = "time" | "bytes" | "bits" | "percent" | "number";

/** A unit: what it measures, how many of the measure's own (ms, bytes, bits) it is, and whether it is by the second. */
export interface Unit {
  readonly measure: Measure;
  readonly factor: number;
  readonly isRate: boolean;
}

const TIME: Readonly<Record<string, number>> = { Seconds: 1_000, Milliseconds: 1, Microseconds: 0.001 };
const PREFIXES = ["", "Kilo", "Mega", "Giga", "Tera"];

/** Reads a unit's name; a name that is none is a plain number. */
export function unitNamed(name: string | undefined): Unit {
  const [bare = "", per] = (name ?? "None").split("/");
  const isRate = per === "Second";
  const time = TIME[bare];
  if (time !== undefined) return { measure: "time", factor: time, isRate };
  if (bare === "Percent") return { measure: "percent", factor: 1, isRate };
  const found = /^(|Kilo|Mega|Giga|Tera)(bytes|bits)$/i.exec(bare);
  if (!found) return { measure: "number", factor: 1, isRate };
  const power = PREFIXES.findIndex((prefix) => prefix.toLowerCase() === found[1]!.toLowerCase());
  const isBytes = found[2]!.toLowerCase() === "bytes";
  return { measure: isBytes ? "bytes" : "bits", factor: (isBytes ? 1_024 : 1_000) ** power, isRate };
}

/** True when values of both can share an axis. */
export function areAlike(left: string | undefined, right: string | undefined): boolean {
  const [one, other] = [unitNamed(left), unitNamed(right)];
  return one.measure === other.measure && one.isRate === other.isRate;
}

/** What a value of one unit is multiplied by to be one of another that is alike. */
export function conversion(from: string | undefined, to: string | undefined): number {
  return unitNamed(from).factor / unitNamed(to).factor;
}

/** Writes one value with its unit. */
export function writeValue(value: number | undefined, name: string | undefined, format: Format): string {
  if (value === undefined || !Number.isFinite(value)) return format.number(undefined);
  const unit = unitNamed(name);
  const size = value * unit.factor;
  const rate = unit.isRate ? "/s" : "";
  switch (unit.measure) {
    case "time":
      return (size < 0 ? "-" : "") + format.duration(Math.abs(size)) + rate;
    case "bytes":
      return (size < 0 ? "-" : "") + format.bytes(Math.abs(size)) + rate;
    case "bits":
      return writeBits(size, format) + rate;
    case "percent":
      return format.percent(value / 100) + rate;
    case "number":
      return writeNumber(value, format) + rate;
  }
}

function writeBits(bits: number, format: Format): string {
  const power = Math.min(4, Math.max(0, Math.floor(Math.log10(Math.abs(bits) || 1) / 3)));
  return `${format.number(bits / 1_000 ** power, 1)} ${["bit", "kbit", "Mbit", "Gbit", "Tbit"][power]}`;
}

/** Two decimals, or as many as a small value needs. */
function writeNumber(value: number, format: Format): string {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 1 ? 2 : Math.min(10, 2 - Math.floor(Math.log10(size)));
  return format.number(value, digits);
}

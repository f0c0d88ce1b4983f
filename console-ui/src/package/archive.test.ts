import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { ArchiveError, FILE_ATTRIBUTES, isExecutable, isLink, readArchive, writeArchive, type Entry } from "./archive";

const LIMITS = { bytes: 1_000_000, entries: 100 };
const bytes = (text: string) => new TextEncoder().encode(text);
const entry = (path: string, content: string, mode = 0o100644): Entry => ({
  path,
  bytes: bytes(content),
  attributes: mode * 0x10000,
  modifiedAt: new Date(2024, 4, 6, 7, 8, 10),
});

describe("archives", () => {
  it("come out as they went in: content, mode, time, names beyond ASCII", () => {
    const entries = [
      entry("app.py", "print(1)\n".repeat(50)),
      entry("bin/run", "#!/bin/sh\n", 0o100755),
      entry("bin/link", "run", 0o120777),
      entry("空/页.txt", ""),
      entry("empty/", "", 0o040755),
    ];
    const found = readArchive(writeArchive(entries), LIMITS);
    expect(found).toEqual(entries);
    expect(found.map((one) => isExecutable(one.attributes))).toEqual([false, true, false, false, true]);
    expect(found.map((one) => isLink(one.attributes))).toEqual([false, false, true, false, false]);
  });

  it("give files of other systems an ordinary mode", () => {
    const zip = zipSync({ "a.txt": [bytes("a"), { os: 0, attrs: 0x20 }] });
    expect(readArchive(zip, LIMITS)[0]?.attributes).toBe(FILE_ATTRIBUTES);
  });

  it("keep a time that a zip cannot hold from failing", () => {
    const old = { ...entry("a", "a"), modifiedAt: new Date(1970, 0, 1) };
    expect(readArchive(writeArchive([old]), LIMITS)[0]?.modifiedAt).toEqual(new Date(1980, 0, 1));
  });

  it.each([
    ["damaged", bytes("no zip at all, whatever its length may be"), LIMITS],
    ["too-large", writeArchive([entry("a", "x".repeat(2_000))]), { bytes: 1_999, entries: 9 }],
    ["too-many", writeArchive([entry("a", ""), entry("b", "")]), { bytes: 9, entries: 1 }],
  ])("are refused when %s", (reason, zip, limits) => {
    const thrown = (() => {
      try {
        return readArchive(zip, limits);
      } catch (error) {
        return error;
      }
    })();
    expect(thrown).toBeInstanceOf(ArchiveError);
    expect((thrown as ArchiveError).reason).toBe(reason);
  });

  it("are refused when cut", () => {
    const zip = writeArchive([entry("a", "x".repeat(2_000))]);
    zip.fill(0, 0, 40);
    expect(() => readArchive(zip, LIMITS)).toThrow(ArchiveError);
  });
});

// Reads and writes zips, with what fflate alone does not keep: each entry's mode and time, so that a package goes back as it came. Pure.
import { inflateSync, zipSync, type Zippable } from "fflate";

/** An entry of a zip: a file, or a folder of its own (its path ends with a slash). */
export interface Entry {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The zip's external attributes; a Unix mode in the upper 16 bits. */
  readonly attributes: number;
  /** Local time, as zips have it. */
  readonly modifiedAt: Date;
}

/** Why a zip cannot be opened here. */
export class ArchiveError extends Error {
  constructor(
    readonly reason: "damaged" | "too-large" | "too-many" | "unsupported",
    /** Unzipped bytes, or entries, where the zip says so. */
    readonly amount = 0,
  ) {
    super(reason);
  }
}

/** What is opened at most. */
export interface Limits {
  readonly bytes: number;
  readonly entries: number;
}

/** `rw-r--r--`, a regular file. */
export const FILE_ATTRIBUTES = 0o100644 * 0x10000;
/** `rwxr-xr-x`, a folder. */
export const FOLDER_ATTRIBUTES = 0o040755 * 0x10000 + 0x10;

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const UNIX = 3;
const EARLIEST = new Date(1980, 0, 1);
const MODE_OF_FILES = 0o170000;
const LINK = 0o120000;

interface Listed {
  readonly path: string;
  readonly attributes: number;
  readonly modifiedAt: Date;
  readonly method: number;
  readonly flags: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * The entries of `zip`, in its order.
 * @throws ArchiveError when it is no zip, encrypted, or beyond `limits` (found before anything is unpacked).
 */
export function readArchive(zip: Uint8Array, limits: Limits): Entry[] {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > limits.entries) throw new ArchiveError("too-many", count);
  const listed = list(zip, view, view.getUint32(end + 16, true), count);
  const size = listed.reduce((sum, entry) => sum + entry.size, 0);
  if (size > limits.bytes) throw new ArchiveError("too-large", size);
  return listed.map((entry) => ({
    path: entry.path,
    bytes: unpack(zip, view, entry),
    attributes: entry.attributes,
    modifiedAt: entry.modifiedAt,
  }));
}

/** A zip of `entries`. */
export function writeArchive(entries: readonly Entry[]): Uint8Array<ArrayBuffer> {
  const files: Zippable = {};
  for (const { path, bytes, attributes, modifiedAt } of entries) {
    files[path] = [bytes, { os: UNIX, attrs: attributes, mtime: isZipTime(modifiedAt) ? modifiedAt : EARLIEST, level: 6 }];
  }
  return zipSync(files) as Uint8Array<ArrayBuffer>;
}

/** True for a symbolic link, whose bytes are its target. */
export function isLink(attributes: number): boolean {
  return ((attributes >>> 16) & MODE_OF_FILES) === LINK;
}

/** True for a program: a file that its owner may execute. */
export function isExecutable(attributes: number): boolean {
  return ((attributes >>> 16) & 0o100) !== 0 && !isLink(attributes);
}

function findEnd(view: DataView): number {
  const first = Math.max(0, view.byteLength - END_BYTES - LONGEST_COMMENT);
  for (let at = view.byteLength - END_BYTES; at >= first; at--) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new ArchiveError("damaged");
}

function list(zip: Uint8Array, view: DataView, start: number, count: number): Listed[] {
  const found: Listed[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    if (at + 46 > view.byteLength || view.getUint32(at, true) !== CENTRAL) throw new ArchiveError("damaged");
    const nameLength = view.getUint16(at + 28, true);
    const next = at + 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const flags = view.getUint16(at + 8, true);
    const isUnix = view.getUint8(at + 5) === UNIX;
    const path = nameOf(zip.subarray(at + 46, at + 46 + nameLength), flags);
    found.push({
      path,
      attributes: isUnix ? view.getUint32(at + 38, true) : path.endsWith("/") ? FOLDER_ATTRIBUTES : FILE_ATTRIBUTES,
      modifiedAt: timeOf(view.getUint16(at + 14, true), view.getUint16(at + 12, true)),
      method: view.getUint16(at + 10, true),
      flags,
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at = next;
  }
  return found;
}

function unpack(zip: Uint8Array, view: DataView, entry: Listed): Uint8Array {
  const { offset, packed, size, method, flags } = entry;
  if (flags & 1 || offset === 0xffffffff) throw new ArchiveError("unsupported");
  if (offset + 30 > view.byteLength || view.getUint32(offset, true) !== LOCAL) throw new ArchiveError("damaged");
  const start = offset + 30 + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  const content = zip.subarray(start, start + packed);
  if (content.length !== packed) throw new ArchiveError("damaged");
  if (method === 0) return content.slice();
  if (method !== 8) throw new ArchiveError("unsupported");
  try {
    return inflateSync(content, { out: new Uint8Array(size) });
  } catch {
    throw new ArchiveError("damaged");
  }
}

function nameOf(bytes: Uint8Array, flags: number): string {
  const isUtf8 = (flags & 0x800) !== 0;
  return new TextDecoder(isUtf8 ? "utf-8" : "latin1").decode(bytes);
}

function timeOf(date: number, time: number): Date {
  return new Date(
    1980 + (date >> 9),
    ((date >> 5) & 15) - 1,
    date & 31,
    time >> 11,
    (time >> 5) & 63,
    (time & 31) * 2,
  );
}

function isZipTime(time: Date): boolean {
  const year = time.getFullYear();
  return year >= 1980 && year < 2100;
}

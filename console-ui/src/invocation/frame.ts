// A frame of a stack trace: where in the function's own code it stands, if there. Pure.

/** A place in a function's package. */
export interface Place {
  /** Path inside the package. */
  readonly file: string;
  readonly line: number;
}

const PYTHON = /File "([^"]+)", line (\d+)/;
const NODE = /\(?(?:file:\/\/)?(\/[^():]+):(\d+):\d+\)?/;
const ROOT = "/var/task/";
/** What a package carries along, but its author did not write. */
const FOREIGN = /(^|\/)(site-packages|node_modules|[^/]+\.dist-info)\//;

/** Where a frame stands in the function's own files; absent for anything else. */
export function placeOf(frame: string): Place | undefined {
  const found = PYTHON.exec(frame) ?? NODE.exec(frame);
  const path = found?.[1];
  const line = Number(found?.[2]);
  if (!path?.startsWith(ROOT) || !Number.isSafeInteger(line) || line < 1) return undefined;
  const file = path.slice(ROOT.length);
  return file === "" || FOREIGN.test(file) ? undefined : { file, line };
}

/** The route to a place in a function's code. */
export function placeRoute(name: string, version: string, { file, line }: Place): string {
  const search = new URLSearchParams({ file, line: String(line) });
  if (version !== "$LATEST") search.set("qualifier", version);
  return `/functions/${encodeURIComponent(name)}/code?${search}`;
}

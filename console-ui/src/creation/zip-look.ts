// A look into an uploaded zip, without unpacking more of it than is shown. Pure.
import { unzipSync } from "fflate";
import { textOf } from "../package/text";

/** A file of a zip. */
export interface ZipFile {
  readonly path: string;
  /** Unpacked, bytes. */
  readonly bytes: number;
}

/** What a zip holds. */
export interface ZipLook {
  readonly files: readonly ZipFile[];
  /** Unpacked, bytes. */
  readonly bytes: number;
  /** Handlers that its Python files define, the likeliest first. */
  readonly handlers: readonly string[];
  /** The one folder that everything lies in: Lambda would not find the code there. */
  readonly wrapper: string | undefined;
  readonly hasRequirements: boolean;
}

/** The largest file that is shown, bytes. */
export const LARGEST_SHOWN = 512 * 1024;
const MOST_READ = 50;
const LARGEST_READ = 256 * 1024;

/** Looks into a zip; undefined when it is none. */
export function lookInto(zip: Uint8Array): ZipLook | undefined {
  try {
    const files: ZipFile[] = [];
    unzipSync(zip, {
      filter: ({ name, originalSize }) => {
        if (!name.endsWith("/")) files.push({ path: name, bytes: originalSize });
        return false;
      },
    });
    const wrapper = wrapperOf(files.map(({ path }) => path));
    const sources = sourcesIn(zip, files);
    return {
      files,
      bytes: files.reduce((sum, file) => sum + file.bytes, 0),
      handlers: handlersIn(sources),
      wrapper,
      hasRequirements: files.some(({ path }) => path === "requirements.txt"),
    };
  } catch {
    return undefined;
  }
}

/** The text of one file; undefined when it is binary, too large, or not there. */
export function openFile(zip: Uint8Array, path: string): string | undefined {
  try {
    const found = unzipSync(zip, { filter: ({ name, originalSize }) => name === path && originalSize <= LARGEST_SHOWN });
    const bytes = found[path];
    return bytes && textOf(bytes);
  } catch {
    return undefined;
  }
}

function sourcesIn(zip: Uint8Array, files: readonly ZipFile[]): Record<string, string> {
  const wanted = new Set(
    files
      .filter(({ path, bytes }) => /^[\w-]+\.py$/.test(path) && bytes <= LARGEST_READ)
      .slice(0, MOST_READ)
      .map(({ path }) => path),
  );
  const found = unzipSync(zip, { filter: ({ name }) => wanted.has(name) });
  return Object.fromEntries(Object.entries(found).map(([path, bytes]) => [path, textOf(bytes) ?? ""]));
}

const LIKELY_FILES = ["lambda_function", "app", "main", "handler", "index"];
const LIKELY_NAMES = ["lambda_handler", "handler", "main"];
const DEFINITION = /^def\s+([A-Za-z]\w*)\s*\(\s*\w+[^,()]*,\s*\w+/gm;

/** `module.function` of every function at a module's top that takes two arguments or more; the likeliest first. */
export function handlersIn(sources: Readonly<Record<string, string>>): string[] {
  const rank = (list: readonly string[], name: string) => {
    const at = list.indexOf(name);
    return at < 0 ? list.length : at;
  };
  return Object.entries(sources)
    .flatMap(([path, text]) => {
      const module = path.replace(/\.py$/, "");
      return [...text.matchAll(DEFINITION)].map((match) => ({ module, name: match[1]! }));
    })
    .map((found, order) => ({ ...found, order }))
    .sort(
      (one, other) =>
        rank(LIKELY_NAMES, one.name) - rank(LIKELY_NAMES, other.name) ||
        rank(LIKELY_FILES, one.module) - rank(LIKELY_FILES, other.module) ||
        one.order - other.order,
    )
    .map(({ module, name }) => `${module}.${name}`);
}

/** The one folder at the top that holds everything. */
export function wrapperOf(paths: readonly string[]): string | undefined {
  const tops = new Set(paths.map((path) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : "")));
  const [only] = tops;
  return tops.size === 1 && only ? only : undefined;
}

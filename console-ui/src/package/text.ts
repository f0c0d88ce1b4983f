// Whether a file can be edited as text, and as what. Pure.

/** How the editor colours a file. */
export type TextLanguage = "python" | "json" | "javascript" | "plain";

const LANGUAGES: Readonly<Record<string, TextLanguage>> = {
  py: "python",
  pyi: "python",
  json: "json",
  js: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  ts: "javascript",
};

/** The text of a file in UTF-8 (a byte order mark is kept); nothing when it is binary. */
export function textOf(bytes: Uint8Array): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The language of a file, by its name. */
export function languageOf(path: string): TextLanguage {
  const extension = path.split("/").at(-1)?.split(".").slice(1).at(-1)?.toLowerCase() ?? "";
  return LANGUAGES[extension] ?? "plain";
}

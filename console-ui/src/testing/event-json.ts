// Events and responses as JSON text: where it is wrong, and laid out without changing a value (numbers keep their digits). Pure.

/** Where a text stops being JSON; line and column count from 1. */
export interface JsonFault {
  readonly line: number;
  readonly column: number;
  /** Offset in the text. */
  readonly at: number;
  /** The character that does not belong there; absent at the end of the text. */
  readonly found: string | undefined;
}

const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\n\r]*/y;
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const DEEPEST = 500;

/** What is wrong with `text` as JSON; nothing when it is JSON. */
export function jsonFault(text: string): JsonFault | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    const at = faultAt(text);
    const before = text.slice(0, at);
    const line = before.split("\n").length;
    return { line, column: at - before.lastIndexOf("\n"), at, found: [...text.slice(at, at + 2)][0] };
  }
}

/** `text` laid out with two spaces; as it is when it is not JSON. */
export function laidOut(text: string): string {
  if (jsonFault(text)) return text;
  const tokens = text.match(TOKENS) ?? [];
  let out = "";
  let depth = 0;
  const newLine = () => `\n${"  ".repeat(depth)}`;
  tokens.forEach((token, index) => {
    if (token === "{" || token === "[") {
      const isEmpty = tokens[index + 1] === (token === "{" ? "}" : "]");
      if (!isEmpty) depth++;
      out += isEmpty ? token : token + newLine();
    } else if (token === "}" || token === "]") {
      const opens = tokens[index - 1];
      if (opens === "{" || opens === "[") {
        out += token;
      } else {
        depth--;
        out += newLine() + token;
      }
    } else if (token === ",") {
      out += token + newLine();
    } else {
      out += token === ":" ? ": " : token;
    }
  });
  return out;
}

/** Thrown at the first character that does not belong. */
class Stop extends Error {
  constructor(readonly at: number) {
    super();
  }
}

function faultAt(text: string): number {
  try {
    const end = value(text, skip(text, 0), 0);
    return skip(text, end);
  } catch (error) {
    return error instanceof Stop ? error.at : 0;
  }
}

function value(text: string, at: number, depth: number): number {
  if (depth > DEEPEST) throw new Stop(at);
  if (text[at] === "{") return members(text, at, depth, "}", true);
  if (text[at] === "[") return members(text, at, depth, "]", false);
  if (text[at] === '"') return string(text, at);
  const end = match(NUMBER, text, at) ?? match(WORD, text, at);
  if (end === undefined) throw new Stop(at);
  return end;
}

function members(text: string, start: number, depth: number, close: string, isObject: boolean): number {
  let at = skip(text, start + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    if (isObject) {
      if (text[at] !== '"') throw new Stop(at);
      at = skip(text, string(text, at));
      if (text[at] !== ":") throw new Stop(at);
      at = skip(text, at + 1);
    }
    at = skip(text, value(text, at, depth + 1));
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") throw new Stop(at);
    at = skip(text, at + 1);
  }
}

function string(text: string, at: number): number {
  const end = match(STRING, text, at);
  if (end !== undefined) return end;
  const rest = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
  throw new Stop(match(rest, text, at) ?? at);
}

function skip(text: string, at: number): number {
  return match(SPACE, text, at) ?? at;
}

function match(pattern: RegExp, text: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

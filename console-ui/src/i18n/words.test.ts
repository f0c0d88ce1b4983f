// Holds the source tree to its rules on words: none that the user sees stands outside of i18n/, none stays English in Chinese by
// accident, and no page imports from a sibling page.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "vite";
import { expect, test } from "vitest";
import { en } from "./messages";
import { zh } from "./zh";

const SOURCE = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Names, units and AWS's literal words, which are the same in every language. A text of nothing else is no text to translate. */
const NAMES = [
  "AWS", "AWS CLI", "AWS Lambda", "Amazon S3", "ARN", "CloudWatch", "CloudWatch Logs", "Logs Insights", "EMF", "HTTP", "ID", "JSON", "Lambda", "Landlock",
  "Linux", "Prometheus", "Python", "SDK", "URL", "UTC", "YAML", "boto3", "curl", "hearth",
  "B", "kB", "KB", "MB", "GB", "TB", "GB-s", "ms",
  "REPORT", "START", "END", "$LATEST",
  // The word that confirms a deletion, which is typed on any keyboard.
  "delete",
];

/** Attributes and properties whose strings the user reads. */
const READ = /(?:label|text|title|header|heading|description|placeholder|alt|info|empty|message|caption|legend|summary|tooltip)$/i;
/** Those that only look like it. */
const NOT_READ = new Set(["context", "inlineContext", "themeHeader"]);

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [member: string]: unknown;
}

interface Finding {
  readonly at: number;
  readonly text: string;
}

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === "string";

const escaped = (name: string) => name.replace(/[$.*+?()[\]{}|\\^]/g, "\\$&");
/** Any of the names, the longest first. */
const NAMED = new RegExp(
  `(?<![\\p{L}\\d])(?:${[...NAMES].sort((one, other) => other.length - one.length).map(escaped).join("|")})(?![\\p{L}\\d])`,
  "gu",
);
/** Addresses, file names, and identifiers such as `myFunctionName`. */
const CODE = /(?:https?:|arn:)\S*|[\w-]+\.(?:json|py|txt|zip)\b|\b[a-z]+(?:[A-Z][a-z]+)+\b/g;

/** Whether a text says something in a language: it has letters beside names and code. */
function isWords(text: string): boolean {
  return /\p{L}{2,}/u.test(text.replaceAll(CODE, " ").replaceAll(NAMED, " "));
}

/** The strings that an expression may have as its value. */
function stringsOf(expression: unknown): Finding[] {
  if (!isNode(expression)) return [];
  switch (expression.type) {
    case "Literal":
      return typeof expression.value === "string" ? [{ at: expression.start, text: expression.value }] : [];
    case "TemplateLiteral": {
      const quasis = expression.quasis as Array<{ value: { cooked: string } }>;
      return [{ at: expression.start, text: quasis.map(({ value }) => value.cooked).join(" ") }];
    }
    case "ConditionalExpression":
      return [...stringsOf(expression.consequent), ...stringsOf(expression.alternate)];
    case "LogicalExpression":
    case "BinaryExpression":
      if (/[=<>]/.test(String(expression.operator))) return [];
      return [...stringsOf(expression.left), ...stringsOf(expression.right)];
    case "JSXExpressionContainer":
    case "ParenthesizedExpression":
    case "TSAsExpression":
    case "TSNonNullExpression":
    case "TSSatisfiesExpression":
      return stringsOf(expression.expression);
    default:
      return [];
  }
}

/** The strings of a node that are shown because of where they stand. */
function shownBy(node: Node): Finding[] {
  const named = (name: unknown) => typeof name === "string" && READ.test(name) && !NOT_READ.has(name);
  switch (node.type) {
    case "JSXText":
      return [{ at: node.start, text: String(node.value) }];
    case "JSXElement":
    case "JSXFragment":
      return (node.children as Node[]).filter(({ type }) => type === "JSXExpressionContainer").flatMap(stringsOf);
    case "JSXAttribute":
      return named((node.name as Node).name) ? stringsOf(node.value) : [];
    case "Property": {
      const key = node.key as Node;
      return named(key.name ?? key.value) ? stringsOf(node.value) : [];
    }
    case "CallExpression": {
      const callee = node.callee as Node;
      const name = String((callee.property as Node | undefined)?.name ?? callee.name);
      const isNotice = (callee.object as Node | undefined)?.name === "notices";
      return isNotice || name === "confirm" || name === "alert" ? stringsOf((node.arguments as Node[])[0]) : [];
    }
    default:
      return [];
  }
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node);
  for (const member of Object.values(node)) {
    for (const child of Array.isArray(member) ? member : [member]) if (isNode(child)) visit(child, see);
  }
}

/** The words that a source file shows. */
function wordsIn(file: string, source: string): string[] {
  const { program, errors } = parseSync(file, source);
  expect(errors, file).toEqual([]);
  const found: string[] = [];
  visit(program as unknown as Node, (node) => {
    for (const { at, text } of shownBy(node)) {
      if (isWords(text)) found.push(`${file}:${source.slice(0, at).split("\n").length}: ${text.trim()}`);
    }
  });
  return found;
}

/** Files of the source tree, with forward slashes. */
function files(extension: RegExp): string[] {
  return readdirSync(SOURCE, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extension.test(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

const read = (file: string) => readFileSync(join(SOURCE, file), "utf8");

test("words stand in i18n/ only", () => {
  const found = files(/\.tsx$/)
    .filter((file) => !file.startsWith("i18n/"))
    .flatMap((file) => wordsIn(file, read(file)));
  expect(found, "move these to i18n/en and i18n/zh").toEqual([]);
});

test("words are found wherever they are shown", () => {
  const shown = [
    "<b>Save it</b>",
    "<b>{ok ? 'Yes' : words.no}</b>",
    "<b>{ok && `Only ${count}`}</b>",
    "<A headerText='Save it' />",
    "<A label={'Save ' + name} />",
    "<A items={[{ id: 'save', text: 'Save it' }]} />",
    "notices.success('Saved it')",
    "window.confirm('Leave it?')",
  ];
  for (const source of shown) expect(wordsIn("a.tsx", source), source).toHaveLength(1);
  const hidden = [
    "<b>{words.save} · {count} MB – {unit === 'seconds' ? 's' : words.ms}</b>",
    "<A label={words.save} variant='primary' id='save-button' placeholder='arn:aws:s3:::bucket' title='AWS Lambda' />",
    "notices.success(words.saved('name'))",
    "// Save it\nconst a = 'Save it'",
  ];
  for (const source of hidden) expect(wordsIn("a.tsx", source), source).toEqual([]);
});

/** Arguments that any message can be made with; they have no letters of their own. */
const SAMPLES: ReadonlyArray<readonly unknown[]> = [
  ["1", "2", "3", "4", "5", "6"],
  [7, 8, 9, 6, 5, 4],
  [1, 1, 1, 1, 1, 1],
  [["1", "2"], ["3", "4"], ["5"], ["6"], ["7"], ["8"]],
  [["1"], 2, "3", "4", "5", "6"],
];

/** What a message says, made with samples where it is a function. */
function sayings(message: unknown): string[] {
  if (typeof message === "string") return [message];
  if (typeof message !== "function") return [];
  return SAMPLES.flatMap((sample) => {
    try {
      return [String((message as (...parts: unknown[]) => unknown)(...sample))];
    } catch {
      return []; // It takes other arguments.
    }
  });
}

function eachMessage(words: unknown, path: string, see: (path: string, message: unknown) => void): void {
  if (typeof words !== "object" || words === null) return see(path, words);
  for (const [key, inner] of Object.entries(words)) eachMessage(inner, path === "" ? key : `${path}.${key}`, see);
}

test("Chinese is Chinese", () => {
  const english: string[] = [];
  eachMessage(zh, "", (path, message) => {
    for (const saying of sayings(message)) {
      // Words beside names, and not one Chinese character among them.
      if (!/\p{Script=Han}/u.test(saying) && isWords(saying)) english.push(`${path}: ${saying}`);
    }
  });
  expect([...new Set(english)], "translate these, or name them in NAMES").toEqual([]);
});

test("English is English", () => {
  const chinese: string[] = [];
  eachMessage(en, "", (path, message) => {
    if (sayings(message).some((saying) => /\p{Script=Han}/u.test(saying))) chinese.push(path);
  });
  expect(chinese).toEqual([]);
});

const FROM = /(?:\bfrom|\bimport)\s*\(?\s*["'](\.[^"']+)["']/g;

/** The page that a file belongs to: a folder of pages/; each tab of a function's page is one of its own. */
function pageOf(file: string, all: readonly string[]): string | undefined {
  const [, page, part] = /^pages\/([^/]+)(?:\/([^/]+))?/.exec(file) ?? [];
  if (page === undefined) return undefined;
  const tab = `pages/${page}/${part}`;
  return all.some((other) => other === `${tab}/index.tsx`) ? tab : `pages/${page}`;
}

/** Whether a file of `from` may import one of `to`: its own page's, or of a page that is a part of the other. */
function mayImport(from: string | undefined, to: string | undefined): boolean {
  if (to === undefined || to === from) return true;
  return from !== undefined && (from.startsWith(`${to}/`) || to.startsWith(`${from}/`));
}

test("no page imports from a sibling page, and what pages share imports from none", () => {
  const all = files(/\.tsx?$/);
  const wrong: string[] = [];
  for (const file of all.filter((file) => file !== "routes.tsx")) {
    for (const [, path = ""] of read(file).matchAll(FROM)) {
      const target = join(dirname(file), path).split(sep).join("/");
      if (!mayImport(pageOf(file, all), pageOf(target, all))) wrong.push(`${file} imports ${path}`);
    }
  }
  expect(wrong).toEqual([]);
});

test("pages are told apart", () => {
  const all = ["pages/a/index.tsx", "pages/b/index.tsx", "pages/a/tab/index.tsx", "pages/a/other/index.tsx", "pages/a/parts/x.tsx"];
  expect(pageOf("pages/a/tab/view.tsx", all)).toBe("pages/a/tab");
  expect(pageOf("pages/a/parts/x.tsx", all)).toBe("pages/a");
  expect(pageOf("pages/b", all)).toBe("pages/b");
  expect(pageOf("components/x.tsx", all)).toBeUndefined();
  expect(mayImport("pages/a/tab", "pages/a")).toBe(true);
  expect(mayImport("pages/a", "pages/a/tab")).toBe(true);
  expect(mayImport("pages/a/tab", "pages/a/other")).toBe(false);
  expect(mayImport("pages/a", "pages/b")).toBe(false);
  expect(mayImport(undefined, "pages/a")).toBe(false);
});

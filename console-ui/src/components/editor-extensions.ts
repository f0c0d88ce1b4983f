// What the text editor is made of: CodeMirror's parts, by language and theme.
import { indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { indentUnit, syntaxTree } from "@codemirror/language";
import { lintGutter, linter, type Diagnostic } from "@codemirror/lint";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { oneDark } from "@codemirror/theme-one-dark";
import { EditorView, keymap } from "@codemirror/view";
import * as tokens from "@cloudscape-design/design-tokens";
import { basicSetup } from "codemirror";
import type { TextLanguage } from "../package/text";
import { jsonFault } from "../testing/event-json";

const MOST_DIAGNOSTICS = 20;
const MONOSPACE = 'Monaco, Menlo, Consolas, "Courier Prime", Courier, "Courier New", monospace';

/** What differs between editors. */
export interface EditorSettings {
  readonly label: string;
  readonly language: TextLanguage;
  readonly isReadOnly: boolean;
  readonly isDark: boolean;
  /** CodeMirror's own words in the reader's language. */
  readonly phrases: Readonly<Record<string, string>>;
  /** Said of what the grammar does not know: a guess for code, certain for JSON. */
  readonly syntaxError: string;
  readonly jsonError: string;
  readonly onChange: (text: string) => void;
}

/** Where the theme can be exchanged. */
export const themePlace = new Compartment();

/** Where the listener can be exchanged: a document may outlive the editor that showed it. */
export const listenerPlace = new Compartment();

/** Tells each change of the document. */
export function listener(onChange: (text: string) => void): Extension {
  return EditorView.updateListener.of((update) => {
    if (update.docChanged) onChange(update.state.sliceDoc());
  });
}

/** The console's theme, for the editor. */
export function editorTheme(isDark: boolean): Extension {
  return isDark ? [DARK, oneDark] : LIGHT;
}

/** A new document; its lines end as those of `text` do. */
export function editorState(text: string, settings: EditorSettings): EditorState {
  const isDos = text.includes("\r\n") && !/(^|[^\r])\n/.test(text);
  return EditorState.create({
    doc: text,
    extensions: [
      basicSetup,
      keymap.of([indentWithTab]),
      SHAPE,
      languageExtension(settings.language),
      lintGutter(),
      linter((view) => diagnostics(view.state, settings), { delay: 400 }),
      themePlace.of(editorTheme(settings.isDark)),
      EditorState.phrases.of({ ...settings.phrases }),
      EditorState.readOnly.of(settings.isReadOnly),
      ...(isDos ? [EditorState.lineSeparator.of("\r\n")] : []),
      EditorView.contentAttributes.of({
        "aria-label": settings.label,
        tabindex: "0",
        ...(settings.isReadOnly ? { "aria-readonly": "true" } : {}),
      }),
      listenerPlace.of(listener(settings.onChange)),
    ],
  });
}

function languageExtension(language: TextLanguage): Extension {
  if (language === "python") return [python(), indentUnit.of("    ")];
  if (language === "json") return json();
  if (language === "javascript") return javascript();
  return [];
}

function diagnostics(state: EditorState, { language, syntaxError, jsonError }: EditorSettings): Diagnostic[] {
  if (language === "plain") return [];
  if (language === "json") {
    const text = state.doc.toString();
    const fault = text.trim() === "" ? undefined : jsonFault(text);
    return fault ? [{ from: fault.at, to: Math.min(text.length, fault.at + 1), severity: "error", message: jsonError }] : [];
  }
  const found: Diagnostic[] = [];
  syntaxTree(state).iterate({
    enter: (node) => {
      if (!node.type.isError || found.length >= MOST_DIAGNOSTICS) return;
      found.push({ from: node.from, to: Math.max(node.from, node.to), severity: "warning", message: syntaxError });
    },
  });
  return found;
}

const SHAPE = EditorView.theme({
  "&": { fontSize: "13px" },
  ".cm-scroller": { overflow: "auto", fontFamily: MONOSPACE, lineHeight: "1.5" },
  "&.cm-focused": { outline: `2px solid ${tokens.colorBorderItemFocused}`, outlineOffset: "-2px" },
});

const LIGHT = EditorView.theme({
  "&": { backgroundColor: tokens.colorBackgroundContainerContent, color: tokens.colorTextBodyDefault },
  ".cm-gutters": { color: tokens.colorTextBodySecondary },
});

const DARK = EditorView.theme(
  {
    "&, .cm-gutters": { backgroundColor: tokens.colorBackgroundContainerContent },
    ".cm-gutters": { color: tokens.colorTextBodySecondary },
  },
  { dark: true },
);

// A text editor (CodeMirror) that follows the console's theme. Loads CodeMirror: import it from parts of a page that load by themselves.
import type { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { useIsDark } from "../app/theme";
import { useMessages } from "../i18n/language";
import type { TextLanguage } from "../package/text";
import { editorState, editorTheme, listener, listenerPlace, themePlace, type EditorSettings } from "./editor-extensions";
import "./text-editor.css";

/** Documents that were shown, with their history and selection; bounded by the package that they belong to. */
export type EditorStates = Map<string, EditorState>;

/** The editor's content. */
export interface TextEditorProps {
  /** Names the document: another name is another document, with a history of its own. */
  readonly documentName: string;
  readonly text: string;
  /** Read-only when absent. */
  readonly onChange?: ((text: string) => void) | undefined;
  readonly language: TextLanguage;
  readonly label: string;
  /** CSS. */
  readonly height: string;
  /** Keeps the documents that are not shown now. */
  readonly states?: EditorStates;
  /** Goes to a line, from 1; again when the object is another one. */
  readonly place?: { readonly line: number } | undefined;
}

/** The editor. */
export default function TextEditor(props: TextEditorProps) {
  const { documentName, text, place, height } = props;
  const isReadOnly = props.onChange === undefined;
  const { functionCode } = useMessages();
  const isDark = useIsDark();
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useEffect(() => {
    const made = new EditorView({ parent: host.current! });
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    const editor = view.current!;
    const { states, language, label } = latest.current;
    const kept = states?.get(documentName);
    const settings: EditorSettings = {
      label,
      language,
      isReadOnly,
      isDark,
      phrases: functionCode.editorPhrases,
      syntaxError: functionCode.syntaxError,
      jsonError: functionCode.jsonError,
      onChange: (next) => latest.current.onChange?.(next),
    };
    editor.setState(kept?.sliceDoc() === latest.current.text ? kept : editorState(latest.current.text, settings));
    editor.dispatch({ effects: listenerPlace.reconfigure(listener(settings.onChange)) });
    return () => void states?.set(documentName, editor.state);
    // The theme of this moment: it is exchanged below.
  }, [documentName, isReadOnly, functionCode]);
  useEffect(() => {
    view.current!.dispatch({ effects: themePlace.reconfigure(editorTheme(isDark)) });
  }, [isDark, documentName]);
  useEffect(() => {
    const editor = view.current!;
    if (editor.state.sliceDoc() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text, documentName]);
  useEffect(() => {
    if (place) reveal(view.current!, place.line);
  }, [place, documentName]);
  return <div ref={host} className="text-editor" style={{ blockSize: height }} />;
}

function reveal(editor: EditorView, line: number): void {
  const { doc } = editor.state;
  const { from } = doc.line(Math.max(1, Math.min(line, doc.lines)));
  editor.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
  editor.focus();
}

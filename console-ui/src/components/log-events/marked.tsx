// Text with what is searched for marked in it.
import type { ReactNode } from "react";

const MOST_MARKS = 200;

/** `text`, with each place where `find` (any case) stands marked. */
export function Marked({ text, find }: { text: string; find: string }): ReactNode {
  if (find === "") return text;
  const parts = partsOf(text, find);
  return parts.map((part, index) => (index % 2 === 1 ? <mark key={index}>{part}</mark> : part));
}

/** Splits `text` at `find`, any case: what is between, what is found, what is between, … At most so many are found. */
export function partsOf(text: string, find: string): readonly string[] {
  const lower = text.toLowerCase();
  const wanted = find.toLowerCase();
  // Some letters change length with their case; then the places would not be the text's.
  if (wanted === "" || lower.length !== text.length) return [text];
  const parts: string[] = [];
  let from = 0;
  for (let at = lower.indexOf(wanted); at >= 0 && parts.length < 2 * MOST_MARKS; at = lower.indexOf(wanted, from)) {
    parts.push(text.slice(from, at), text.slice(at, at + wanted.length));
    from = at + wanted.length;
  }
  return [...parts, text.slice(from)];
}

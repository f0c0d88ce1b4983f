// The query that is being typed, kept in the browser's tab so that leaving the page does not lose it.
import { FIRST_QUERY } from "./samples";

const KEY = "hearth.insights.query";

/** What is typed, and the query of the address that it was typed over. */
export interface Draft {
  readonly text: string;
  readonly of: string;
}

/** What the editor begins with at an address whose query is `query`: what was typed there, or on the page without any query. */
export function draftAt(query: string, kept: Draft | undefined): Draft {
  const isOfHere = kept !== undefined && (kept.of === query || query === FIRST_QUERY);
  return { text: isOfHere ? kept.text : query, of: query };
}

/** What this tab kept. */
export function keptDraft(): Draft | undefined {
  try {
    const { text, of } = JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Draft>;
    return typeof text === "string" && typeof of === "string" ? { text, of } : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what is typed. */
export function keepDraft(draft: Draft): void {
  sessionStorage.setItem(KEY, JSON.stringify(draft));
}

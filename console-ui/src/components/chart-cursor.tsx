// One cursor for all charts of a page: pointing at a time in one shows that time in all.
import { createContext, useContext, useState, useSyncExternalStore, type ReactNode } from "react";

/** The time that is pointed at, and who shows it. */
export interface Cursor {
  readonly at: () => number | undefined;
  readonly move: (at: number | undefined) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const Context = createContext<Cursor | undefined>(undefined);

function makeCursor(): Cursor {
  let time: number | undefined;
  const listeners = new Set<() => void>();
  return {
    at: () => time,
    move: (at) => {
      if (at === time) return;
      time = at;
      listeners.forEach((listener) => listener());
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Links the cursors of all charts inside. */
export function LinkedCursors({ children }: { children: ReactNode }) {
  const [cursor] = useState(makeCursor);
  return <Context value={cursor}>{children}</Context>;
}

/** The cursor of the page, or of this chart alone; moving it does not draw the caller anew. */
export function useCursor(): Cursor {
  const linked = useContext(Context);
  const [own] = useState(makeCursor);
  return linked ?? own;
}

/** The time at the cursor (epoch milliseconds). */
export function useCursorTime(cursor: Cursor): number | undefined {
  return useSyncExternalStore(cursor.subscribe, cursor.at);
}

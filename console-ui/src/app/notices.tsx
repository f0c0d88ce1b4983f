// Notices at the top of every page (Cloudscape's flashbar): what an action did, until dismissed. Bounded.
import Flashbar, { type FlashbarProps } from "@cloudscape-design/components/flashbar";
import { createContext, useCallback, useContext, useMemo, useRef, useState, type ReactNode } from "react";
import { failureOf } from "../api/errors";
import { useMessages } from "../i18n/language";

const MOST_NOTICES = 5;
const SUCCESS_MS = 8_000;

/** Shows notices. */
export interface Notices {
  readonly success: (content: ReactNode) => void;
  readonly info: (content: ReactNode) => void;
  /** An action's failure: what was tried, and what the server said. */
  readonly failure: (header: ReactNode, error: unknown) => void;
}

interface Notice {
  readonly id: string;
  readonly type: FlashbarProps.Type;
  readonly header?: ReactNode;
  readonly content: ReactNode;
}

const Context = createContext<{ notices: Notices; items: readonly Notice[]; dismiss: (id: string) => void } | undefined>(
  undefined,
);

/** Keeps the notices of everything inside. */
export function NoticeProvider({ children }: { children: ReactNode }) {
  const [items, setItems] = useState<readonly Notice[]>([]);
  const count = useRef(0);
  const dismiss = useCallback((id: string) => setItems((items) => items.filter((item) => item.id !== id)), []);
  const notices = useMemo<Notices>(() => {
    const show = (notice: Omit<Notice, "id">) => {
      const id = `notice-${count.current++}`;
      setItems((items) => [{ id, ...notice }, ...items].slice(0, MOST_NOTICES));
      if (notice.type === "success") setTimeout(() => dismiss(id), SUCCESS_MS);
    };
    return {
      success: (content) => show({ type: "success", content }),
      info: (content) => show({ type: "info", content }),
      failure: (header, error) => {
        const { code, message } = failureOf(error);
        show({ type: "error", header, content: `${code}: ${message}` });
      },
    };
  }, [dismiss]);
  const value = useMemo(() => ({ notices, items, dismiss }), [notices, items, dismiss]);
  return <Context.Provider value={value}>{children}</Context.Provider>;
}

function useContextOrThrow() {
  const context = useContext(Context);
  if (!context) throw new Error("a NoticeProvider is missing above");
  return context;
}

/** Shows notices from a page. */
export function useNotices(): Notices {
  return useContextOrThrow().notices;
}

/** The notices on the page. */
export function NoticeBar() {
  const { items, dismiss } = useContextOrThrow();
  const { app } = useMessages();
  return (
    <Flashbar
      stackItems={items.length > 2}
      i18nStrings={{ ariaLabel: app.notifications }}
      items={items.map((item) => ({
        ...item,
        dismissible: true,
        dismissLabel: app.close,
        onDismiss: () => dismiss(item.id),
      }))}
    />
  );
}

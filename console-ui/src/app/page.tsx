// What a page tells the frame about itself: its breadcrumbs, its title in the browser, and whether it wants the whole width.
import { createContext, useContext, useEffect, type ReactNode } from "react";
import type { ContentType } from "./shell";

/** A step of the path to the page; the last one is the page itself. */
export interface Crumb {
  readonly text: string;
  /** A route, such as `/functions`. */
  readonly href: string;
}

/** What the frame shows of a page. */
export interface PageFacts {
  readonly crumbs: readonly Crumb[];
  readonly contentType?: ContentType;
}

/** Given by the frame. */
export const PageContext = createContext<(facts: PageFacts) => void>(() => undefined);

/** A page: tells the frame its breadcrumbs (the last one is the browser's title), and shows its content. */
export function Page({ crumbs, contentType = "default", children }: PageFacts & { children: ReactNode }) {
  const tell = useContext(PageContext);
  const key = JSON.stringify(crumbs);
  useEffect(() => {
    tell({ crumbs: JSON.parse(key) as Crumb[], contentType });
  }, [tell, key, contentType]);
  return <>{children}</>;
}

// Hides a page as a browser does whose tab is in the background.
import type { Page } from "@playwright/test";

/** Hides the page; the answer shows it again. */
export async function hide(page: Page): Promise<() => Promise<void>> {
  const set = (state: DocumentVisibilityState) =>
    page.evaluate((state) => {
      Object.defineProperty(document, "visibilityState", { configurable: true, get: () => state });
      Object.defineProperty(document, "hidden", { configurable: true, get: () => state === "hidden" });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }, state);
  await set("hidden");
  return () => set("visible");
}

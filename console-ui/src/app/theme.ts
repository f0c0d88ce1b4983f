// Light, dark, or as the system: chosen by the user and kept in the browser.
import { applyMode, Mode } from "@cloudscape-design/global-styles";
import { useSyncExternalStore } from "react";

export type Theme = "system" | "light" | "dark";

const KEY = "hearth.theme";
const dark = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let theme: Theme = "system";

/** The user's choice. */
export function keptTheme(): Theme {
  const kept = localStorage.getItem(KEY);
  return kept === "light" || kept === "dark" ? kept : "system";
}

/** Puts a theme in force, and keeps it. */
export function applyTheme(next: Theme): void {
  theme = next;
  localStorage.setItem(KEY, next);
  show();
}

function isDark(): boolean {
  return theme === "dark" || (theme === "system" && dark.matches);
}

function show(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  listeners.forEach((listener) => listener());
}

dark.addEventListener("change", show);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The theme chosen. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => theme);
}

/** True while dark is shown, for what is not drawn by Cloudscape (the editor). */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark);
}

// How this browser shows log lines: whose clock, and whether long lines wrap. The same in every log view.
import { useSyncExternalStore } from "react";
import type { Zone } from "../../log/time";

/** The choices. */
export interface LogSettings {
  readonly zone: Zone;
  readonly isWrapped: boolean;
}

const KEY = "hearth.logs";
const listeners = new Set<() => void>();
let settings = read();

function read(): LogSettings {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<LogSettings>;
    return { zone: kept.zone === "utc" ? "utc" : "local", isWrapped: kept.isWrapped === true };
  } catch {
    return { zone: "local", isWrapped: false };
  }
}

function change(next: Partial<LogSettings>): void {
  settings = { ...settings, ...next };
  localStorage.setItem(KEY, JSON.stringify(settings));
  listeners.forEach((listener) => listener());
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The choices in force, and how to change them. */
export function useLogSettings(): [LogSettings, (next: Partial<LogSettings>) => void] {
  return [useSyncExternalStore(subscribe, () => settings), change];
}

// Simplified Chinese of `en/function-monitor.ts`.
import type { Messages } from "../messages";

export const functionMonitor: Messages["functionMonitor"] = {};

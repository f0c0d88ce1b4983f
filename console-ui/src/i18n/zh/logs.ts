// Simplified Chinese of `en/logs.ts`.
import type { Messages } from "../messages";

export const logs: Messages["logs"] = {};

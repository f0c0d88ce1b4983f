// Simplified Chinese of `en/function-logs.ts`.
import type { Messages } from "../messages";

export const functionLogs: Messages["functionLogs"] = {};

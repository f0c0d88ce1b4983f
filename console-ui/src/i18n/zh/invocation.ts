// Simplified Chinese of `en/invocation.ts`.
import type { Messages } from "../messages";

export const invocation: Messages["invocation"] = {};

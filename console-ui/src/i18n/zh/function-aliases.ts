// Simplified Chinese of `en/function-aliases.ts`.
import type { Messages } from "../messages";

export const functionAliases: Messages["functionAliases"] = {};

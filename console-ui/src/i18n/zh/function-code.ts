// Simplified Chinese of `en/function-code.ts`.
import type { Messages } from "../messages";

export const functionCode: Messages["functionCode"] = {};

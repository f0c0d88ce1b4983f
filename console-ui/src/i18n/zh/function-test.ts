// Simplified Chinese of `en/function-test.ts`.
import type { Messages } from "../messages";

export const functionTest: Messages["functionTest"] = {};

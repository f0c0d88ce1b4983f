// Simplified Chinese of `en/function-configuration.ts`.
import type { Messages } from "../messages";

export const functionConfiguration: Messages["functionConfiguration"] = {};

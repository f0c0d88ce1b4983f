// Simplified Chinese of `en/sandboxes.ts`.
import type { Messages } from "../messages";

export const sandboxes: Messages["sandboxes"] = {};

// Simplified Chinese of `en/invocations.ts`.
import type { Messages } from "../messages";

export const invocations: Messages["invocations"] = {};

// Simplified Chinese of `en/host.ts`.
import type { Messages } from "../messages";

export const host: Messages["host"] = {};

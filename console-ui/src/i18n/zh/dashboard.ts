// Simplified Chinese of `en/dashboard.ts`.
import type { Messages } from "../messages";

export const dashboard: Messages["dashboard"] = {};

// Simplified Chinese of `en/insights.ts`.
import type { Messages } from "../messages";

export const insights: Messages["insights"] = {};

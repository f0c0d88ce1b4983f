// Simplified Chinese of `en/metrics.ts`.
import type { Messages } from "../messages";

export const metrics: Messages["metrics"] = {};

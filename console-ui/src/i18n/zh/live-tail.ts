// Simplified Chinese of `en/live-tail.ts`.
import type { Messages } from "../messages";

export const liveTail: Messages["liveTail"] = {};

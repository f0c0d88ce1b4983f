// Simplified Chinese of `en/function-versions.ts`.
import type { Messages } from "../messages";

export const functionVersions: Messages["functionVersions"] = {};

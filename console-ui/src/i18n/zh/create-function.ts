// Simplified Chinese of `en/create-function.ts`.
import type { Messages } from "../messages";

export const createFunction: Messages["createFunction"] = {};

// Makes the README's screens anew, from the built binary: `npm run screens`.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig({ ...tests, testMatch: "screens.ts", workers: 1 });

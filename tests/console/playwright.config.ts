// How the browser tests run: Debian's Chromium, one server per worker, and nothing that leaves the machine.
import { join } from "node:path";
import { defineConfig } from "@playwright/test";

/** Chromium's background traffic off: only loopback is asked. `CHROMIUM` names another than Debian's. */
export const CHROMIUM = {
  executablePath: join(import.meta.dirname, "chromium.py"),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.ts",
  outputDir: "../../target/console-tests",
  timeout: 120_000,
  expect: { timeout: 15_000 },
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  reporter: [["list"]],
  use: {
    launchOptions: CHROMIUM,
    viewport: { width: 1280, height: 900 },
    actionTimeout: 15_000,
    trace: "retain-on-failure",
  },
});

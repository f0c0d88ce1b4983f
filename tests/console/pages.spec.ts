// Every page, in every look: it shows itself, breaks no rule of accessibility, and fits its window.
import { expectAccessible, expectLoaded, expectNoOverflow, expect, LOOKS, test, wear, wordsOf } from "./stage";
import type { Messages } from "../../console-ui/src/i18n/messages";

const GROUP = encodeURIComponent("/aws/lambda/looked-at");

/** Each page's address, and a heading that shows when it is there. */
const PAGES: ReadonlyArray<readonly [path: string, heading: (words: Messages) => string]> = [
  ["functions", (words) => words.functions.title],
  ["functions/create", (words) => words.createFunction.title],
  ["functions/create?way=blueprint", (words) => words.createFunction.title],
  ["functions/looked-at/code", () => "looked-at"],
  ["functions/looked-at/test", () => "looked-at"],
  ["functions/looked-at/monitor", () => "looked-at"],
  ["functions/looked-at/logs", () => "looked-at"],
  ["functions/looked-at/configuration", () => "looked-at"],
  ["functions/looked-at/versions", () => "looked-at"],
  ["functions/looked-at/aliases", () => "looked-at"],
  ["dashboard", (words) => words.dashboard.title],
  ["metrics", (words) => words.metrics.title],
  ["invocations", (words) => words.invocations.title],
  ["logs/groups", (words) => words.logs.groups.title],
  [`logs/groups/${GROUP}`, () => "/aws/lambda/looked-at"],
  ["logs/insights", (words) => words.insights.title],
  ["logs/live-tail", (words) => words.liveTail.title],
  ["sandboxes", (words) => words.sandboxes.title],
  ["host", (words) => words.host.title],
];

test.beforeAll(async ({ hearth }) => {
  await hearth.function("looked-at");
  await hearth.invoke("looked-at", { key1: "a", key2: "b", key3: "c" });
  await hearth.invoke("looked-at", {});
});

for (const look of LOOKS) {
  for (const [path, heading] of PAGES) {
    test(`${path}: ${Object.values(look).join(" ")}`, async ({ page }) => {
      await wear(page, look);
      await page.goto(`/console/${path}`);
      await expect(page.getByRole("heading", { level: 1, name: heading(wordsOf(look)) })).toBeVisible();
      await expectLoaded(page);
      await expectNoOverflow(page);
      await expectAccessible(page);
    });
  }
}

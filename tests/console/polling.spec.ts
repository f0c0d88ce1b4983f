// Pages ask again by themselves while they are seen, and never while they are hidden.
import { hide } from "./hidden";
import { groupOf, invokeLogged } from "./logged";
import { expect, expectLoaded, test } from "./stage";
import { Traffic } from "./traffic";

const GROUP = encodeURIComponent(groupOf("polled"));
const PAGES = [
  "dashboard",
  "functions",
  "functions/polled/code",
  "functions/polled/monitor",
  "functions/polled/configuration",
  "invocations",
  "metrics",
  "logs/groups",
  `logs/groups/${GROUP}`,
  "sandboxes",
  "host",
];
/** Longer than any page waits before it asks again. */
const LONG_MS = 400_000;

test.beforeAll(async ({ hearth }) => {
  await hearth.function("polled");
  await invokeLogged(hearth, "polled", { key1: "a", key2: "b", key3: "c" });
});

for (const path of PAGES) {
  test(`${path} asks nothing while it is hidden`, async ({ page }) => {
    await page.clock.install();
    const traffic = new Traffic(page);
    await page.goto(`/console/${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expectLoaded(page);
    const show = await hide(page);
    await traffic.expectQuiet();
    const before = traffic.asked.length;
    await page.clock.fastForward(LONG_MS);
    await page.clock.runFor(5_000);
    expect(traffic.asked.slice(before), "asked while hidden").toEqual([]);
    await show();
    await page.clock.fastForward(LONG_MS);
    await expect.poll(() => traffic.asked.length, "asks once it is seen").toBeGreaterThan(before);
  });
}

// The live tail: lines come by themselves, many at once do not stop the page, and it goes on after the server was away.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { Hearth } from "./hearth";
import { hide } from "./hidden";
import { groupOf, invokeLogged } from "./logged";
import { deploy } from "./package";
import { expect, test } from "./stage";

const words = en.liveTail;
const CODE = `import time

def lambda_handler(event, context):
    for burst in range(event.get("bursts", 1)):
        for line in range(event.get("lines", 1)):
            print(f"{event['word']} {burst} {line}")
        time.sleep(event.get("pause", 0))
`;
const BURSTS = 8;
const LINES = 1_000;

async function talker(hearth: Hearth, name: string): Promise<string> {
  await deploy(hearth, name, { "lambda_function.py": CODE });
  await invokeLogged(hearth, name, { word: "early" });
  return `${hearth.endpoint}/console/logs/live-tail?group=${encodeURIComponent(groupOf(name))}`;
}

const lines = (page: Page) => page.getByRole("table", { name: words.label });

test("a function's lines appear by themselves", async ({ page, hearth }) => {
  await page.goto(await talker(hearth, "talker"));
  await expect(page.getByText(words.status.live, { exact: true })).toBeVisible();
  await hearth.invoke("talker", { word: "hello" });
  await expect(lines(page).getByText("hello 0 0")).toBeVisible();
  await expect(page.getByText("early 0 0")).toBeHidden();
  await page.getByRole("button", { name: words.pause }).click();
  await hearth.invoke("talker", { word: "later" });
  await expect(page.getByRole("button", { name: words.resume(4) })).toBeVisible();
  await expect(page.getByText("later 0 0")).toBeHidden();
  await page.getByRole("button", { name: words.resume(4) }).click();
  await expect(lines(page).getByText("later 0 0")).toBeVisible();
});

test("thousands of lines at once are drawn as they come", async ({ page, hearth }) => {
  await page.goto(await talker(hearth, "chatterbox"));
  await expect(page.getByText(words.status.live, { exact: true })).toBeVisible();
  // Notes at each frame how many lines the page tells; a page that stands still has no frames in between.
  await page.evaluate(() => {
    const seen = new Set<string>();
    const look = () => {
      for (const status of document.querySelectorAll("main [role=status]")) seen.add(status.textContent ?? "");
      requestAnimationFrame(look);
    };
    look();
    Object.assign(window, { seenCounts: seen });
  });
  await hearth.invoke("chatterbox", { word: "burst", bursts: BURSTS, lines: LINES, pause: 0.3 });
  await expect(lines(page).getByText(`burst ${BURSTS - 1} ${LINES - 1}`, { exact: true })).toBeVisible();
  const counts = await page.evaluate(() => [...(window as unknown as { seenCounts: Set<string> }).seenCounts]);
  expect(counts.length, `states that were drawn: ${counts.join(", ")}`).toBeGreaterThanOrEqual(4);
  await page.getByPlaceholder(en.logs.events.find).fill("burst 3 999");
  await expect(lines(page).getByText("burst 3 999", { exact: true })).toBeVisible();
});

test.describe("while the server is away", () => {
  test.use({ allowed: /Failed to load resource|net::ERR_/ });

  test("it says so, connects again, and fetches nothing twice", async ({ page }) => {
    const own = new Hearth();
    await own.start();
    await page.goto(await talker(own, "restarted"));
    await expect(page.getByText(words.status.live, { exact: true })).toBeVisible();
    await own.invoke("restarted", { word: "before" });
    await expect(lines(page).getByText("before 0 0")).toBeVisible();
    await own.stop();
    await expect(page.getByText(words.status.reconnecting)).toBeVisible();
    await own.start();
    await expect(page.getByText(words.status.live, { exact: true })).toBeVisible({ timeout: 40_000 });
    await own.invoke("restarted", { word: "after" });
    await expect(lines(page).getByText("after 0 0")).toBeVisible();
    await expect(lines(page).getByText("before 0 0")).toHaveCount(1);
    await own.remove();
  });
});

test("a page that is hidden for long stops, and goes on without a gap when it is seen again", async ({ page, hearth }) => {
  await page.clock.install();
  await page.goto(await talker(hearth, "unseen"));
  await expect(page.getByText(words.status.live, { exact: true })).toBeVisible();
  // The page's clock is set forward below, and the server's is not: a line tells it the server's time.
  await hearth.invoke("unseen", { word: "seen" });
  await expect(lines(page).getByText("seen 0 0")).toBeVisible();
  const ended = page.waitForEvent("requestfailed");
  const show = await hide(page);
  await page.clock.fastForward(31_000);
  await expect(page.getByText(words.status.hidden)).toBeVisible();
  await ended;
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.clock.runFor(120_000);
  await hearth.invoke("unseen", { word: "meanwhile" });
  await expect(page.getByText("meanwhile 0 0")).toBeHidden();
  expect(asked, "asked while hidden").toEqual([]);
  await show();
  await expect(page.getByText(words.status.live, { exact: true })).toBeVisible();
  await expect(lines(page).getByText("meanwhile 0 0")).toHaveCount(1);
});

// Logs Insights: a query over a function's lines, its table and chart, what is wrong with it, and that it is not lost.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { groupOf, invokeLogged } from "./logged";
import { expect, expectAccessible, test } from "./stage";

const words = en.insights;
const PATH = `/console/logs/insights?group=${encodeURIComponent(groupOf("queried"))}`;
const STATISTICS = 'filter @type = "REPORT"\n| stats count(*) as calls, max(@duration) by bin(5m)';

const editor = (page: Page) => page.getByRole("textbox", { name: words.query });

test.beforeAll(async ({ hearth }) => {
  await hearth.function("queried");
  for (const key1 of ["a", "b", "c"]) await invokeLogged(hearth, "queried", { key1, key2: "", key3: "" });
});

test("statistics by time are a table and a chart, also after a reload", async ({ page }) => {
  await page.goto(PATH);
  await editor(page).fill(STATISTICS);
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(page.getByText(words.statuses.Complete!)).toBeVisible();
  const table = page.getByRole("table", { name: words.results });
  for (const name of ["bin(5m)", "calls", "max(@duration)"]) {
    await expect(table.getByRole("columnheader", { name, exact: true })).toBeVisible();
  }
  const counted = table.getByRole("row").filter({ has: page.getByRole("cell") });
  await expect(counted.first()).toBeVisible();
  const calls = await counted.locator("[role=cell]:nth-child(3)").allTextContents();
  expect(calls.reduce((sum, count) => sum + Number(count), 0)).toBe(3);
  await page.getByRole("tab", { name: words.tabs.chart }).click();
  await expect(page.getByRole("application", { name: words.tabs.chart })).toBeVisible();
  await expect(page.getByText("max(@duration)").first()).toBeVisible();
  await expectAccessible(page);
  await page.reload();
  await expect(editor(page)).toHaveValue(STATISTICS);
  await expect(table.getByRole("columnheader", { name: "calls", exact: true })).toBeVisible();
});

test("a record opens to all its fields, and its request leads to the invocation", async ({ page }) => {
  await page.goto(PATH);
  await editor(page).fill('filter @type = "REPORT"\n| fields @requestId, @billedDuration\n| limit 1');
  await page.getByRole("button", { name: words.run }).click();
  const table = page.getByRole("table", { name: words.results });
  await table.getByRole("button", { name: words.expand(1) }).click();
  await expect(table.getByText("@billedDuration").last()).toBeVisible();
  const request = table.getByRole("cell").getByRole("link").first();
  const id = await request.textContent();
  await request.click();
  await expect(page.getByRole("heading", { level: 1, name: en.invocation.title(id ?? "") })).toBeVisible();
});

test.describe("refused", () => {
  test.use({ allowed: /Failed to load resource/ });

  test("a malformed query is told at its field, and stays", async ({ page }) => {
    await page.goto(PATH);
    await editor(page).fill("stats cout(*) by bin(5m)");
    await page.getByRole("button", { name: words.run }).click();
    await expect(editor(page)).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByText(/unknown function cout/)).toBeVisible();
    await expect(editor(page)).toHaveValue("stats cout(*) by bin(5m)");
  });
});

test("a query that is typed is still there after the page was left", async ({ page }) => {
  await page.goto(PATH);
  await editor(page).fill("fields @message | limit 3");
  await page.getByRole("link", { name: en.app.nav.metrics, exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: en.metrics.title })).toBeVisible();
  await page.getByRole("link", { name: en.app.nav.insights, exact: true }).click();
  await expect(editor(page)).toHaveValue("fields @message | limit 3");
  await page.goBack();
  await page.goBack();
  await expect(editor(page)).toHaveValue("fields @message | limit 3");
});

test("without groups or a query nothing is asked, and it is said why", async ({ page }) => {
  await page.goto("/console/logs/insights");
  await page.getByRole("button", { name: words.run }).click();
  await expect(page.getByText(words.noGroups)).toBeVisible();
  await page.goto(PATH);
  await editor(page).fill(" ");
  await page.getByRole("button", { name: words.run }).click();
  await expect(page.getByText(words.noQuery)).toBeVisible();
});

// Metrics: one that a function logged is found, graphed, changed, and shared by its address.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { invokeLogged } from "./logged";
import { deploy } from "./package";
import { expect, expectAccessible, test } from "./stage";

const words = en.metrics;
const CODE = `import json
import time

def lambda_handler(event, context):
    sets = [["Service"], ["Stage"]]
    directive = {"Namespace": "Shop", "Dimensions": sets, "Metrics": [{"Name": "Sold", "Unit": "Count"}]}
    print(json.dumps({
        "_aws": {"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
        "Service": "same", "Stage": "same", "Sold": 42,
    }))
`;

test.beforeAll(async ({ hearth }) => {
  await deploy(hearth, "seller", { "lambda_function.py": CODE });
  await invokeLogged(hearth, "seller", {});
});

const box = (page: Page, dimension: string) =>
  page.getByRole("checkbox", { name: en.app.selectItem(`Shop Sold ${dimension}: same`), exact: true });

test("a metric of a log line is found by its namespace, graphed, changed and shared", async ({ page, browser, hearth }) => {
  await expect(async () => {
    await page.goto("/console/metrics");
    await page.getByRole("link", { name: "Shop", exact: true }).click({ timeout: 3_000 });
  }).toPass();
  await page.getByRole("link", { name: "Service", exact: true }).click();
  await box(page, "Service").click();
  await expect(box(page, "Service")).toBeChecked();
  await expect(page.getByText(words.emptyGraph)).toBeHidden();
  await expectAccessible(page);

  await page.getByRole("tab", { name: words.tabs.graphed(1) }).click();
  await choose(page, words.of(words.columns.statistic, "m1"), "Maximum");
  await choose(page, words.of(words.columns.period, "m1"), en.chart.period(300));
  await expectShared(page);
  await page.reload();
  await expectShared(page);

  await page.getByRole("tab", { name: words.tabs.numbers }).click();
  await expect(page.getByRole("gridcell", { name: "42", exact: true }).first()).toBeVisible();

  const context = await browser.newContext({ baseURL: hearth.endpoint });
  const other = await context.newPage();
  const shared = new URL(page.url());
  shared.searchParams.set("tab", "graphed");
  await other.goto(shared.href);
  await expectShared(other);
  await context.close();

  await page.goBack();
  await page.getByRole("tab", { name: words.tabs.graphed(1) }).click();
  await expectShared(page);
});

test("sets of dimensions with the same values are told apart", async ({ page }) => {
  await page.goto("/console/metrics?q=Sold");
  for (const dimension of ["Service", "Stage"]) await expect(box(page, dimension)).toHaveCount(1);
  await box(page, "Stage").click();
  await expect(box(page, "Stage")).toBeChecked();
  await expect(box(page, "Service")).not.toBeChecked();
});

test("an address that makes no sense shows an empty graph, and says so", async ({ page }) => {
  await page.goto("/console/metrics?graph=%7Enonsense&range=never&refresh=x&tab=nowhere&namespace=None&dimensions=x");
  await expect(page.getByText(words.partly)).toBeVisible();
  await expect(page.getByText(words.emptyGraph)).toBeVisible();
  await expect(page.getByRole("tab", { name: words.tabs.browse })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByText(words.noMatch)).toBeVisible();
});

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("button", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

async function expectShared(page: Page): Promise<void> {
  await expect(page.getByRole("tab", { name: words.tabs.graphed(1) })).toBeVisible();
  await expect(page.getByText("Shop • Sold • Service: same")).toBeVisible();
  await expect(page.getByRole("button", { name: words.of(words.columns.statistic, "m1") })).toContainText("Maximum");
  await expect(page.getByRole("button", { name: words.of(words.columns.period, "m1") })).toContainText(en.chart.period(300));
}

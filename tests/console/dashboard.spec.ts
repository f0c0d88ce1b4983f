// The dashboard: its numbers are the API's, it leads to the functions that need a look, and an account without functions has a way on.
import type { Page } from "@playwright/test";
import { Hearth } from "./hearth";
import { deploy } from "./package";
import { expect, expectAccessible, expectLoaded, expectNoOverflow, LOOKS, test, wear, wordsOf } from "./stage";
import { en, type Messages } from "../../console-ui/src/i18n/messages";

const SLEEPS = `import time

def lambda_handler(event, context):
    time.sleep(event["seconds"])
`;
const DIVIDES = `def lambda_handler(event, context):
    return 1 / event["by"]
`;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const METRICS = [
  ["Invocations", "Sum"],
  ["Errors", "Sum"],
  ["Throttles", "Sum"],
  ["ConcurrentExecutions", "Maximum"],
] as const;
/** What is done to the account at first, as CloudWatch counts it. */
const COUNTED = { Invocations: 6, Errors: 2, Throttles: 1 };

const words = en.dashboard;

/** A server of its own: no other test adds to its account. */
let own: Hearth;

test.beforeAll(async () => {
  own = new Hearth();
  await own.start();
  await deploy(own, "sleeper", { "lambda_function.py": SLEEPS });
  await deploy(own, "divider", { "lambda_function.py": DIVIDES });
  await deploy(own, "shut", { "lambda_function.py": DIVIDES });
  await Promise.all([own.invoke("sleeper", { seconds: 0.5 }), own.invoke("sleeper", { seconds: 0.5 })]);
  for (const by of [0, 0, 1]) await own.invoke("divider", { by });
  await own.invoke("shut", { by: 1 });
  await own.call("PUT", "/2017-10-31/functions/shut/concurrency", JSON.stringify({ ReservedConcurrentExecutions: 0 }));
  await expect(own.invoke("shut", { by: 1 })).rejects.toThrow("429");
  for (const [metric, sum] of Object.entries(COUNTED)) {
    await expect.poll(async () => total(await valuesOf(metric, "Sum")), metric).toBe(sum);
  }
});

test.afterAll(() => own.remove());

for (const look of LOOKS) {
  test(`the account's numbers are those of the API: ${Object.values(look).join(" ")}`, async ({ page }) => {
    const { dashboard, app } = wordsOf(look);
    const write = new Intl.NumberFormat(look.language, { maximumFractionDigits: 1 });
    const number = (value: number) => write.format(value);
    await wear(page, look);
    await open(page, dashboard);
    const { AccountLimit: limit, AccountUsage: usage } = await settings();

    for (const [metric, statistic] of METRICS) {
      const values = await valuesOf(metric, statistic);
      const told = number(statistic === "Sum" ? total(values) : Math.max(...values));
      await expect(page.getByRole("img", { name: dashboard.chartLabel(dashboard.charts[metric], told, dashboard.ranges["1h"]) })).toBeVisible();
    }
    const storage = dashboard.ofLimit(`${number(usage.TotalCodeSize)} B`, `${number(limit.TotalCodeSize / 1_024 ** 3)} GB`);
    await expect(page.getByText(storage, { exact: true })).toBeVisible();
    await expect(page.getByText(number(limit.UnreservedConcurrentExecutions), { exact: true })).toBeVisible();
    await expect(page.getByRole("main").getByRole("link", { name: number(usage.FunctionCount), exact: true })).toBeVisible();

    // The last minute of the API may be another than that of the page: both are read until they agree.
    await expect(async () => {
      await page.getByRole("main").getByRole("button", { name: app.refresh }).click();
      const used = (await valuesOf("ConcurrentExecutions", "Maximum", 2 * MINUTE_S, MINUTE_S)).at(-1) ?? 0;
      const told = dashboard.ofLimit(number(used), number(limit.ConcurrentExecutions));
      await expect(page.getByText(told, { exact: true })).toBeVisible({ timeout: 1_000 });
    }).toPass();
    await expectNoOverflow(page);
    await expectAccessible(page);
  });
}

test("calls at the same time are counted as concurrency in use", async ({ page }) => {
  const { AccountLimit: limit } = await settings();
  await Promise.all([1, 2, 3].map(() => own.invoke("sleeper", { seconds: 1 })));
  await open(page, words);
  await expect(page.getByText(words.ofLimit("3", limit.ConcurrentExecutions.toLocaleString("en")), { exact: true })).toBeVisible();
});

test("the slowest and the most failing functions are named, and lead to their metrics", async ({ page }) => {
  for (const [column, name, cells] of [
    [words.columns.p99, "sleeper", []],
    [words.columns.rate, "divider", ["2", "66.67%", "3"]],
  ] as const) {
    await open(page, words);
    const table = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: column, exact: true }) });
    const first = table.getByRole("row").nth(1);
    const link = first.getByRole("link", { name, exact: true });
    await expect(link).toBeVisible();
    for (const cell of cells) await expect(first.getByRole("cell", { name: cell, exact: true })).toBeVisible();
    await link.scrollIntoViewIfNeeded();
    await link.click();
    await expect(page).toHaveURL(new RegExp(`/functions/${name}/monitor\\?range=1h$`));
    await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
    // Left only when its parts are there: a page that is left while they come complains of their styles.
    await expect(page.getByRole("heading", { name: en.functionMonitor.panels.throttles })).toBeVisible();
    await expectLoaded(page);
  }
  await expect(page.getByRole("link", { name: "shut" })).toBeHidden();
});

for (const look of LOOKS) {
  test(`an account without functions has a way on: ${Object.values(look).join(" ")}`, async ({ page }) => {
    const { dashboard, createFunction } = wordsOf(look);
    await wear(page, look);
    await page.addInitScript(() => {
      localStorage.setItem("hearth.session", JSON.stringify({ account: "210987654321", region: "us-east-1" }));
    });
    await open(page, dashboard);
    await expect(page.getByRole("heading", { name: dashboard.empty })).toBeVisible();
    const nothing = dashboard.chartLabel(dashboard.charts.Invocations, "0", dashboard.ranges["1h"]);
    await expect(page.getByRole("img", { name: nothing })).toBeVisible();
    await expect(page.getByText(dashboard.slowest)).toBeHidden();
    await expectNoOverflow(page);
    await expectAccessible(page);
    await page.getByRole("link", { name: dashboard.create }).first().click();
    await expect(page).toHaveURL(/\/functions\/create\?way=blueprint$/);
    await expect(page.getByRole("heading", { level: 1, name: createFunction.title })).toBeVisible();
    await expectLoaded(page);
  });
}

async function open(page: Page, { title }: Messages["dashboard"]): Promise<void> {
  await page.goto(`${own.endpoint}/console/dashboard?range=1h`);
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await expectLoaded(page);
}

const total = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** A metric's values of the account over the last `span` seconds, the oldest first. */
async function valuesOf(MetricName: string, Stat: string, span = HOUR_S, Period = HOUR_S): Promise<number[]> {
  const now = Date.now() / 1_000;
  const answer = await fetch(own.endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.0", "x-amz-target": "GraniteServiceVersion20100801.GetMetricData" },
    body: JSON.stringify({
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric: { Namespace: "AWS/Lambda", MetricName }, Period, Stat } }],
      StartTime: now - span,
      EndTime: now + MINUTE_S,
      ScanBy: "TimestampAscending",
    }),
  });
  const { MetricDataResults } = (await answer.json()) as { MetricDataResults: Array<{ Values: number[] }> };
  return MetricDataResults[0]!.Values;
}

interface Settings {
  readonly AccountLimit: {
    readonly TotalCodeSize: number;
    readonly ConcurrentExecutions: number;
    readonly UnreservedConcurrentExecutions: number;
  };
  readonly AccountUsage: { readonly TotalCodeSize: number; readonly FunctionCount: number };
}

async function settings(): Promise<Settings> {
  return (await own.call("GET", "/2016-08-19/account-settings")).json() as Promise<Settings>;
}

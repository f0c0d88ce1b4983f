// One invocation: why it failed and where, what it was sent, again, its retries, and an id that there is no record of.
import { en } from "../../console-ui/src/i18n/messages";
import { Hearth } from "./hearth";
import { invokeLogged } from "./logged";
import { deploy } from "./package";
import { expect, expectAccessible, test } from "./stage";

const words = en.invocation;
const CODE = `def divide(event):
    return event["total"] / event["count"]

def lambda_handler(event, context):
    return {"price": divide(event)}
`;
const UNKNOWN = "4069c76a-64e0-428a-9788-217253a32be4";

test.beforeAll(async ({ hearth }) => {
  await deploy(hearth, "divider", { "lambda_function.py": CODE });
});

test("a failure shows its error, and its frames lead to their lines of code", async ({ page, hearth }) => {
  const id = await invokeLogged(hearth, "divider", { total: 1, count: 0 });
  await page.goto(`/console/invocations/${id}`);
  await expect(page.getByText("ZeroDivisionError", { exact: true })).toBeVisible();
  await expect(page.getByText("division by zero", { exact: true })).toBeVisible();
  await expect(page.getByRole("table", { name: `${words.timeline}: ${words.run(1, 1)}` })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: 'File "/var/task/lambda_function.py", line 2, in divide' }).click();
  await expect(page).toHaveURL(/\/functions\/divider\/code\?file=lambda_function\.py&line=2$/);
  await expect(page.locator(".cm-activeLine")).toHaveText('    return event["total"] / event["count"]');
});

test("events are kept once that is switched on, redacted, and can be replayed", async ({ page, hearth }) => {
  await deploy(hearth, "recorded", { "lambda_function.py": CODE });
  const early = await invokeLogged(hearth, "recorded", { total: 6, count: 2 });
  await page.goto(`/console/invocations/${early}`);
  await expect(page.getByText(words.notKept)).toBeVisible();
  const { startPath } = (await (await hearth.call("GET", `/hearth/invocations/${early}`)).json()) as { startPath: string };
  await expect(page.getByText(words.reasons.first!, { exact: true })).toBeVisible();
  await expect(page.getByText(words.paths[startPath]!, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: words.keep }).click();
  await expect(page.getByText(words.keeping)).toBeVisible();
  await expect(page.getByText(words.keptLater)).toBeVisible();

  const kept = await invokeLogged(hearth, "recorded", { total: 9, count: 3, user: { password: "hunter2" } });
  await page.goto(`/console/invocations/${kept}`);
  await expect(page.getByText('password: "[REDACTED]"')).toBeVisible();
  await expect(page.getByText("price: 3", { exact: true })).toBeVisible();
  await expect(page.getByText("hunter2")).toBeHidden();

  await page.getByRole("button", { name: words.replay }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(words.replayRedacted)).toBeVisible();
  await dialog.getByRole("button", { name: words.replay }).click();
  await expect(page.getByText(words.replayed)).toBeVisible();
  await expect(page).not.toHaveURL(new RegExp(kept));
  await expect(page).toHaveURL(/\/invocations\/[0-9a-f-]{36}$/);
  await expect(page.getByText(en.invocations.statuses.succeeded!, { exact: true })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: words.title(kept) })).toBeVisible();
});

test.describe("records that are not there yet, or never", () => {
  test.use({ allowed: /Failed to load resource/ });

  test("an asynchronous failure shows each of its runs as it comes", async ({ page }) => {
    const own = new Hearth(["--async-retry-delay-ms", "300"]);
    await own.start();
    await deploy(own, "retried", { "lambda_function.py": CODE });
    const answer = await fetch(`${own.endpoint}/2015-03-31/functions/retried/invocations`, {
      method: "POST",
      headers: { "x-amz-invocation-type": "Event" },
      body: JSON.stringify({ total: 1, count: 0 }),
    });
    expect(answer.status).toBe(202);
    await page.goto(`${own.endpoint}/console/invocations/${answer.headers.get("x-amzn-requestid")}`);
    for (const attempt of [1, 2, 3]) {
      await expect(page.getByRole("heading", { name: words.run(attempt, 3) })).toBeVisible({ timeout: 60_000 });
    }
    await expect(page.getByText(words.types.Event)).toBeVisible();
    await expect(page.getByText("ZeroDivisionError: division by zero", { exact: true })).toHaveCount(3);
    await expect(page.getByText(words.mayRetry)).toBeHidden();
    await own.remove();
  });

  test("an id that there is no record of says why that may be, with ways on", async ({ page }) => {
    await page.goto(`/console/invocations/${UNKNOWN}`);
    await expect(page.getByText(words.unknown(UNKNOWN))).toBeVisible({ timeout: 60_000 });
    for (const reason of words.unknownReasons) await expect(page.getByText(reason)).toBeVisible();
    await page.getByRole("button", { name: words.lookAgain }).click();
    await page.getByRole("link", { name: words.toInvocations }).click();
    await expect(page.getByRole("heading", { level: 1, name: en.invocations.title })).toBeVisible();
  });
});

test("the list is filtered by the address, and opens a request by its id", async ({ page, hearth }) => {
  const failed = await invokeLogged(hearth, "divider", { total: 1, count: 0 });
  const fine = await invokeLogged(hearth, "divider", { total: 1, count: 1 });
  const link = (id: string) => page.locator(`a[href$="/invocations/${id}"]`);
  await page.goto("/console/invocations?function=divider&status=failed");
  await expect(link(failed)).toBeVisible();
  await expect(link(fine)).toBeHidden();
  await page.goto("/console/invocations?function=nobody");
  await expect(page.getByText(en.invocations.noMatch)).toBeVisible();
  await page.getByRole("button", { name: en.invocations.clear }).click();
  await expect(link(fine)).toBeVisible();
  await page.getByRole("textbox", { name: en.invocations.requestId }).fill(fine);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { level: 1, name: words.title(fine) })).toBeVisible();
});

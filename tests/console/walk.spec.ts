// The whole walk of a newcomer, in every look: blueprint → create → edit → deploy → test → result → monitor → logs → metrics → delete.
import type { Page } from "@playwright/test";
import { expect, expectAccessible, expectNoOverflow, LOOKS, test, wear, wordsOf } from "./stage";

for (const look of LOOKS) {
  const name = `walk-${look.language}-${look.theme}-${look.width}`;
  test(`${Object.values(look).join(" ")}: from a blueprint to a result, and away again`, async ({ page }) => {
    const words = wordsOf(look);
    await wear(page, look);

    await test.step("the blueprint is found and created", async () => {
      await page.goto("/console/");
      await page.getByRole("link", { name: words.functions.create }).first().click();
      await page.getByText(words.createFunction.ways.blueprint.label, { exact: true }).click();
      await page.getByPlaceholder(words.createFunction.blueprints.filter).fill("hello-world-python");
      await page.getByText("hello-world-python", { exact: true }).first().click();
      await page.getByLabel(words.createFunction.basic.name).fill(name);
      await page.getByRole("button", { name: words.createFunction.create }).click();
      await expect(page).toHaveURL(new RegExp(`/console/functions/${name}`));
      await expect(page.getByText("Active", { exact: true }).first()).toBeVisible();
    });

    await test.step("the code is edited and deployed from the keyboard", async () => {
      await page.goto(`/console/functions/${name}/code`);
      const editor = page.getByRole("textbox", { name: words.functionCode.editorOf("lambda_function.py") });
      await editor.click();
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText("\n# edited in the browser\n");
      await expect(page.getByText(words.functionCode.unsaved(1))).toBeVisible();
      await page.keyboard.press("ControlOrMeta+s");
      await expect(page.getByText(words.functionCode.allDeployed)).toBeVisible();
      await page.reload();
      await expect(page.getByText("# edited in the browser")).toBeVisible();
    });

    await test.step("a test event is run, and its result shown", async () => {
      await tab(page, words.functionPage.tabs.test).click();
      await expect(page).toHaveURL(/\/test$/);
      await page.getByRole("button", { name: words.functionTest.test, exact: true }).last().click();
      await expect(page.getByText(words.functionTest.result.succeeded).first()).toBeVisible();
      await expect(page.getByText('"value1"').first()).toBeVisible();
      await expect(page.getByText(/REPORT RequestId/).first()).toBeVisible();
      await expectAccessible(page);
      await expectNoOverflow(page);
    });

    await test.step("the monitor counts it", async () => {
      await tab(page, words.functionPage.tabs.monitor).click();
      await expect(page.getByRole("heading", { name: words.functionMonitor.panels.invocations, exact: true })).toBeVisible();
      await expect(page.getByText(words.functionMonitor.status.succeeded).first()).toBeVisible();
    });

    await test.step("its log lines are there", async () => {
      await tab(page, words.functionPage.tabs.logs).click();
      await expect(page.getByText("value1 = value1").first()).toBeVisible();
    });

    await test.step("its metrics can be graphed", async () => {
      await page.goto("/console/metrics");
      await page.getByPlaceholder(words.metrics.search).fill(name);
      const label = words.app.selectItem(`AWS/Lambda Invocations FunctionName: ${name}`);
      const metric = page.getByRole("checkbox", { name: label, exact: true });
      await metric.evaluate((element) => element.scrollIntoView({ block: "center" }));
      await metric.click();
      await expect(metric).toBeChecked();
      await expect(page.getByText(words.metrics.emptyGraph)).toBeHidden();
      await expectNoOverflow(page);
    });

    await test.step("it is deleted, after being asked", async () => {
      await page.goto("/console/functions");
      await page.getByRole("checkbox", { name: words.app.selectItem(name) }).check();
      await page.getByRole("button", { name: words.app.delete, exact: true }).click();
      const dialog = page.getByRole("dialog");
      await expect(dialog.getByRole("button", { name: words.app.delete, exact: true })).toBeDisabled();
      await dialog.getByPlaceholder(words.app.deleteWord).fill(words.app.deleteWord);
      await dialog.getByRole("button", { name: words.app.delete, exact: true }).click();
      await expect(page.getByText(words.functions.deleted([name]))).toBeVisible();
      await expect(page.getByRole("link", { name, exact: true })).toBeHidden();
    });
  });
}

test("a newcomer gets from an empty console to a result in five clicks", async ({ page }) => {
  let clicks = 0;
  const click = async (target: ReturnType<Page["locator"]>) => {
    clicks += 1;
    await target.click();
  };
  await wear(page, LOOKS[0]!);
  await page.goto("/");
  await click(page.getByRole("link", { name: "Create function" }).first());
  await click(page.getByText("Use a blueprint", { exact: true }));
  await page.getByPlaceholder("Filter by name, tag or description").fill("hello-world-python");
  await click(page.getByText("hello-world-python", { exact: true }).first());
  await click(page.getByRole("button", { name: "Create function" }));
  await click(page.getByRole("button", { name: "Test", exact: true }).first());
  await expect(page.getByText("Executing function: succeeded").first()).toBeVisible();
  expect(clicks).toBeLessThanOrEqual(5);
});

function tab(page: Page, label: string) {
  return page.getByRole("tab", { name: label, exact: true });
}

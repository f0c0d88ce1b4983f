// The Test tab: events that are typed, saved and run, and what comes of them.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { deploy } from "./package";
import { expect, test } from "./stage";

const words = en.functionTest;

const CODE = `def lambda_handler(event, context):
    if event.get("fail"):
        return event["missing"]
    return event
`;

test.beforeAll(async ({ hearth }) => {
  await deploy(hearth, "tested", { "lambda_function.py": CODE });
});

test("text that is no JSON is told with its line, and not run", async ({ page }) => {
  await page.goto("/console/functions/tested/test");
  await type(page, '{"a": 1, "b": }');
  await expect(page.locator("main").getByText(words.badJson(1, 15, "}")).last()).toBeVisible();
  await expect(page.getByRole("button", { name: words.test, exact: true })).toBeDisabled();
  await type(page, '{"a": 1');
  await expect(page.locator("main").getByText(words.badJson(1, 8, undefined)).last()).toBeVisible();
  await type(page, '{"a": 1, "b": 12345678901234567890}');
  await page.getByRole("button", { name: words.format }).click();
  await expect(page.locator(".cm-line").nth(2)).toHaveText('  "b": 12345678901234567890');
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(result(page).getByText(words.result.succeeded)).toBeVisible();
});

test("a saved event is there after a reload, in another browser, and gone when it is deleted", async ({ page, browser, hearth }) => {
  await page.goto("/console/functions/tested/test");
  await type(page, '{"kept": true}');
  await page.getByRole("button", { name: words.save, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(words.saveName).fill("with space");
  await expect(dialog.getByText(words.saveNameInvalid)).toBeVisible();
  await dialog.getByLabel(words.saveName).fill("kept-event");
  await dialog.getByRole("button", { name: en.app.save, exact: true }).click();
  await expect(page.getByText(words.savedAs("kept-event"))).toBeVisible();
  await page.reload();
  await expect(page.getByText('"kept"')).toBeVisible();

  const other = await browser.newContext({ baseURL: hearth.endpoint });
  const visitor = await other.newPage();
  await visitor.goto("/console/functions/tested/test?event=kept-event");
  await expect(visitor.getByText('"kept"')).toBeVisible();
  await visitor.getByRole("button", { name: words.test, exact: true }).click();
  await expect(result(visitor).getByText(words.result.succeeded)).toBeVisible();
  await other.close();

  await page.getByRole("button", { name: en.app.actions, exact: true }).last().click();
  await page.getByRole("menuitem", { name: en.app.delete, exact: true }).click();
  await page.getByRole("dialog").getByPlaceholder(en.app.deleteWord).fill(en.app.deleteWord);
  await page.getByRole("dialog").getByRole("button", { name: en.app.delete, exact: true }).click();
  await expect(page.getByText(words.deletedEvent("kept-event"))).toBeVisible();
  const left = (await (await hearth.call("GET", "/hearth/functions/tested/test-events")).json()) as { events: { name: string }[] };
  expect(left.events.map(({ name }) => name)).not.toContain("kept-event");
});

test("why a call was cold and how its sandbox came to be is told, and that the next one was warm", async ({ page, hearth }) => {
  await deploy(hearth, "cold-at-first", { "lambda_function.py": CODE });
  await page.goto("/console/functions/cold-at-first/test");
  const { reasons, both, paths } = en.starts;
  const cold = Object.values(paths).map((path) => both(reasons.first, path));
  await page.getByRole("button", { name: words.test, exact: true }).click();
  await expect(result(page).getByText(new RegExp(`^(${cold.join("|")})$`))).toBeVisible();
  await page.getByRole("button", { name: words.test, exact: true }).click();
  await expect(result(page).getByText(words.result.warm, { exact: true })).toBeVisible();
});

test("an event that fails is kept by one click, and its stack trace leads to the line", async ({ page, hearth }) => {
  await page.goto("/console/functions/tested/test");
  await type(page, '{"fail": true}');
  await page.keyboard.press("ControlOrMeta+Enter");
  await expect(result(page).getByText(words.result.failed)).toBeVisible();
  await expect(result(page).getByText("KeyError: 'missing'").first()).toBeVisible();
  await result(page).getByRole("button", { name: words.result.saveFailing }).click();
  await expect(page.getByText(/^Saved event KeyError-\d{8}-\d{6}\.$/)).toBeVisible();
  const { events } = (await (await hearth.call("GET", "/hearth/functions/tested/test-events")).json()) as {
    events: { name: string; event: unknown }[];
  };
  expect(events.some(({ name }) => name.startsWith("KeyError-"))).toBe(true);

  await result(page).getByRole("link", { name: /lambda_function\.py", line 3/ }).click();
  await expect(page).toHaveURL(/\/functions\/tested\/code\?file=lambda_function\.py&line=3$/);
  await expect(page.locator(".cm-activeLine")).toHaveText('        return event["missing"]');
});

test("a call that is queued, and a dry run, say what they are", async ({ page, hearth }) => {
  await page.goto("/console/functions/tested/test");
  await type(page, '{"how": "queued"}');
  await page.getByRole("button", { name: words.types.Event, exact: true }).click();
  await page.getByRole("button", { name: words.test, exact: true }).click();
  await expect(result(page).getByText(words.result.queued)).toBeVisible();
  await page.getByRole("button", { name: words.types.DryRun, exact: true }).click();
  await page.getByRole("button", { name: words.test, exact: true }).click();
  await expect(result(page).getByText(words.result.allowed)).toBeVisible();

  await result(page).getByRole("button", { name: words.result.recent }).click();
  await page.getByRole("menuitem", { name: new RegExp(words.result.queued) }).click();
  const request = result(page).getByRole("link", { name: /^[0-9a-f-]{36}$/ });
  const id = await request.textContent();
  await expect
    .poll(async () => (await fetch(`${hearth.endpoint}/hearth/invocations/${id}`)).status, { message: "the queued event was run" })
    .toBe(200);
  await request.click();
  await expect(page).toHaveURL(new RegExp(`/console/invocations/${id}$`));
});

function result(page: Page) {
  return page.getByRole("region", { name: words.result.label });
}

/** Puts other text into the event's editor. */
async function type(page: Page, text: string): Promise<void> {
  const editor = page.getByRole("textbox", { name: words.eventJson });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
  await expect(editor).toHaveText(text);
}

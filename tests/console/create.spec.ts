// Creating a function from scratch and from a zip, and what can be wrong with it.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { zipOf } from "./package";
import { expect, test } from "./stage";

const words = en.createFunction;

const create = (page: Page) => page.getByRole("button", { name: words.create, exact: true }).click();
const name = (page: Page) => page.getByLabel(words.basic.name);

test("from scratch, with settings, edited before it exists", async ({ page, hearth }) => {
  await page.goto("/console/functions/create");
  await create(page);
  await expect(page.getByText(words.problems["name-missing"])).toBeVisible();
  await expect(name(page)).toBeFocused();
  await name(page).fill("from scratch");
  await expect(page.getByText(words.problems["name-letters"])).toBeVisible();
  await name(page).fill("from-scratch");
  const editor = page.getByRole("textbox", { name: words.code.label("lambda_function.py") });
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText("import os; lambda_handler = lambda event, context: os.environ['GREETING']");
  await expect(page.getByText(words.code.edited, { exact: true })).toBeVisible();
  await page.getByRole("button", { name: words.settings.addVariable }).click();
  await page.getByRole("textbox", { name: words.settings.key }).fill("GREETING");
  await page.getByRole("textbox", { name: words.settings.value }).fill("hello");
  await page.getByLabel(words.settings.memory).fill("200");
  await create(page);
  await expect(page).toHaveURL(/\/console\/functions\/from-scratch/);
  await expect(page.getByText(words.created("from-scratch"))).toBeVisible();
  expect(await (await hearth.invoke("from-scratch", {})).json()).toBe("hello");
  const made = await (await hearth.call("GET", "/2015-03-31/functions/from-scratch/configuration")).json();
  expect(made).toMatchObject({ MemorySize: 200, Role: expect.stringMatching(/role\/(service-role\/)?from-scratch-role-\w+$/) });
});

test("from a zip, whose handler is found", async ({ page, hearth }) => {
  await page.goto("/console/functions/create?way=zip");
  const input = page.locator("form input[type=file]");
  await input.setInputFiles({ name: "notes.zip", mimeType: "application/zip", buffer: Buffer.from("no zip") });
  await expect(page.getByText(words.zip.notZip)).toBeVisible();
  const zip = zipOf({ "app.py": "def main(event, context):\n    return 'from a zip'\n", "data/list.txt": "one\n" });
  await input.setInputFiles({ name: "app.zip", mimeType: "application/zip", buffer: zip });
  await page.getByRole("button", { name: words.zip.open("app.py") }).click();
  await expect(page.getByText("return 'from a zip'")).toBeVisible();
  await name(page).fill("from-zip");
  await page.getByLabel(words.basic.handler).fill("nothing.main");
  await expect(page.getByText(words.basic.handlerFile("nothing.py"))).toBeVisible();
  await page.getByLabel(words.basic.handler).fill("app.main");
  await create(page);
  await expect(page).toHaveURL(/\/console\/functions\/from-zip/);
  expect(await (await hearth.invoke("from-zip", {})).json()).toBe("from a zip");
});

test.describe("a name that is taken", () => {
  test.use({ allowed: /Failed to load resource: the server responded with a status of 409/ });

  test("is told beside the field, also when it was taken a moment ago, and nothing typed is lost", async ({ page, hearth }) => {
    await hearth.function("taken");
    await page.goto("/console/functions/create");
    await name(page).fill("taken");
    await expect(page.getByText(words.problems["name-taken"])).toBeVisible();
    await name(page).fill("raced");
    await page.getByLabel(words.basic.descriptionField).fill("typed with care");
    await hearth.function("raced");
    await create(page);
    await expect(name(page)).toHaveAttribute("aria-invalid", "true");
    await expect(name(page)).toHaveAccessibleDescription(/already exist/i);
    await expect(page.getByLabel(words.basic.descriptionField)).toHaveValue("typed with care");
    await name(page).fill("raced-2");
    await create(page);
    await expect(page).toHaveURL(/\/console\/functions\/raced-2/);
  });
});

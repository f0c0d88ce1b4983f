// The Code tab: files edited, made, renamed and deleted; what was deployed elsewhere; links to a line; what cannot be edited.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { deploy, zipOf } from "./package";
import { expect, test } from "./stage";

const words = en.functionCode;

const FILES = {
  "lambda_function.py": "from lib.tools import greeting\n\n\ndef lambda_handler(event, context):\n    return greeting()\n",
  "lib/tools.py": "# tools\n\ndef greeting():\n    return 'before'\n",
  "README.md": "# Read me\n",
  "extra.txt": "not needed\n",
};

test("files are edited, made, renamed and deleted, and deployed together", async ({ page, hearth }) => {
  await deploy(hearth, "several", FILES);
  await page.goto("/console/functions/several/code");
  await expect(editor(page, "lambda_function.py")).toBeVisible();

  await test.step("a new file in a folder", async () => {
    await page.getByRole("button", { name: words.tree.file, exact: true }).click();
    await answer(page, "README.md", en.app.create);
    await expect(page.getByRole("dialog").getByText(words.pathFaults.exists)).toBeVisible();
    await answer(page, "lib/more.py", en.app.create);
    await retype(page, "lib/more.py", "WORD = 'after'");
  });
  await test.step("another file", async () => {
    await page.getByRole("treeitem", { name: "tools.py" }).click();
    await retype(page, "lib/tools.py", "from lib.more import WORD as greeting_word; greeting = lambda: greeting_word");
  });
  await test.step("a new name", async () => {
    await page.getByRole("treeitem", { name: "README.md" }).click();
    await page.getByRole("button", { name: words.tree.rename, exact: true }).click();
    await answer(page, "docs/NOTES.md", words.tree.rename);
    await expect(editor(page, "docs/NOTES.md")).toBeVisible();
  });
  await test.step("a file less", async () => {
    await page.getByRole("treeitem", { name: "extra.txt" }).click();
    await page.getByRole("button", { name: words.tree.delete, exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: en.app.delete, exact: true }).click();
    await expect(page.getByRole("treeitem", { name: "extra.txt" })).toBeHidden();
  });

  await page.getByRole("button", { name: words.deploy, exact: true }).click();
  await expect(page.getByText(words.allDeployed)).toBeVisible();
  expect(await (await hearth.invoke("several", {})).json()).toBe("after");
  await page.reload();
  await expect(page.getByRole("treeitem", { name: "docs" })).toBeVisible();
  await expect(page.getByRole("treeitem", { name: "README.md" })).toBeHidden();
  await expect(page.getByRole("treeitem", { name: "extra.txt" })).toBeHidden();
});

for (const way of ["over it", "drop mine"] as const) {
  test(`code deployed elsewhere meanwhile is a conflict, and nothing typed is lost: ${way}`, async ({ page, hearth }) => {
    const name = `elsewhere-${way.replace(" ", "-")}`;
    await deploy(hearth, name, { "lambda_function.py": "def lambda_handler(event, context): return 'before'\n" });
    await page.goto(`/console/functions/${name}/code`);
    await retype(page, "lambda_function.py", "def lambda_handler(event, context): return 'mine'");
    await deploy(hearth, name, { "lambda_function.py": "def lambda_handler(event, context): return 'theirs'\n" });
    await page.keyboard.press("ControlOrMeta+s");
    await expect(page.getByText(words.elsewhereHelp)).toBeVisible();
    await expect(page.getByText("return 'mine'")).toBeVisible();
    expect(await (await hearth.invoke(name, {})).json()).toBe("theirs");

    await page.getByRole("button", { name: way === "over it" ? words.deployAnyway : words.reload }).click();
    await expect(page.getByText(words.elsewhereHelp)).toBeHidden();
    await expect(page.getByText(words.allDeployed)).toBeVisible();
    const expected = way === "over it" ? "mine" : "theirs";
    await expect(page.getByText(`return '${expected}'`)).toBeVisible();
    expect(await (await hearth.invoke(name, {})).json()).toBe(expected);
  });
}

test("edits stay while one looks at other tabs, are asked about on leaving, and can be discarded", async ({ page, hearth }) => {
  await deploy(hearth, "discarded", FILES);
  await page.goto("/console/functions/discarded/code");
  await retype(page, "lambda_function.py", "# typed by mistake");
  const versions = page.getByRole("tab", { name: en.functionPage.tabs.versions, exact: true });
  await versions.click();
  // Until then Code is the present tab still, and choosing it changes nothing.
  await expect(versions).toHaveAttribute("aria-selected", "true");
  await page.getByRole("tab", { name: en.functionPage.tabs.code, exact: true }).click();
  await expect(page.getByText("# typed by mistake")).toBeVisible();

  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.getByRole("link", { name: en.functions.title, exact: true }).first().click();
  await expect.poll(() => asked).toBe(en.app.unsaved);
  await expect(page.getByText("# typed by mistake")).toBeVisible();

  await page.getByRole("button", { name: en.app.actions, exact: true }).last().click();
  await page.getByRole("menuitem", { name: words.discard }).click();
  await page.getByRole("dialog").getByRole("button", { name: words.discard }).click();
  await expect(page.getByText("# typed by mistake")).toBeHidden();
  await expect(page.getByText("return greeting()")).toBeVisible();
  await expect(page.getByText(words.allDeployed)).toBeVisible();
  await page.getByRole("link", { name: en.functions.title, exact: true }).first().click();
  await expect(page).toHaveURL(/\/console\/functions$/);
});

test("an address names a file and a line; a version can be read, not changed", async ({ page, hearth }) => {
  await deploy(hearth, "linked", FILES);
  await hearth.call("POST", "/2015-03-31/functions/linked/versions", "{}");
  await page.goto("/console/functions/linked/code?file=lib/tools.py&line=3");
  await expect(editor(page, "lib/tools.py")).toBeFocused();
  await expect(page.locator(".cm-activeLine")).toHaveText("def greeting():");

  await page.goto("/console/functions/linked/code?qualifier=1&file=lib/tools.py&line=4");
  await expect(page.locator(".cm-activeLine")).toHaveText("    return 'before'");
  await expect(editor(page, "lib/tools.py")).toHaveAttribute("aria-readonly", "true");
  await page.keyboard.insertText("changed");
  await expect(page.locator(".cm-activeLine")).toHaveText("    return 'before'");
  await expect(page.getByRole("button", { name: words.deploy, exact: true })).toBeHidden();
  await page.getByRole("link", { name: words.toLatest }).click();
  await expect(page).toHaveURL(/\/functions\/linked\/code$/);
  await expect(page.getByRole("button", { name: words.deploy, exact: true })).toBeVisible();

  await page.goto("/console/functions/linked/code?file=gone.py");
  await expect(page.getByText(words.noSuchFile("gone.py"))).toBeVisible();
});

test("a package too large for the editor says so, and can be replaced", async ({ page, hearth }) => {
  const noise = Uint8Array.from({ length: 3_500_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 255);
  await deploy(hearth, "large", { "lambda_function.py": "def lambda_handler(event, context): return 'large'\n", "noise.bin": noise });
  await page.goto("/console/functions/large/code");
  await expect(page.getByText(words.notEditable)).toBeVisible();

  await page.getByRole("button", { name: en.app.actions, exact: true }).last().click();
  await page.getByRole("menuitem", { name: words.uploadZip }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("input[type=file]").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
  await expect(dialog.getByText(words.notZip)).toBeVisible();
  const small = zipOf({ "lambda_function.py": "def lambda_handler(event, context): return 'small'\n" });
  await dialog.locator("input[type=file]").setInputFiles({ name: "small.zip", mimeType: "application/zip", buffer: small });
  await dialog.getByRole("button", { name: words.uploadAndDeploy }).click();
  await expect(page.getByText(words.uploaded("small.zip"))).toBeVisible();
  await expect(page.getByText("return 'small'")).toBeVisible();
  expect(await (await hearth.invoke("large", {})).json()).toBe("small");
});

test.describe("a deployment that fails", () => {
  test.use({ allowed: /Failed to load resource/ });

  test("says why, keeps the code, and the function goes on as it was", async ({ page, hearth }) => {
    await deploy(hearth, "unlucky", { "lambda_function.py": "def lambda_handler(event, context): return 'before'\n", "requirements.txt": "" });
    await page.goto("/console/functions/unlucky/code?file=requirements.txt");
    await retype(page, "requirements.txt", "no such thing !!");
    await expect(page.getByRole("checkbox", { name: words.installs })).toBeChecked();
    await page.keyboard.press("ControlOrMeta+s");
    await expect(page.getByText(words.notDeployed)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("no such thing !!").first()).toBeVisible();
    await expect(page.getByText(words.unsaved(1))).toBeVisible();
    expect(await (await hearth.invoke("unlucky", {})).json()).toBe("before");
  });
});

function editor(page: Page, path: string) {
  return page.getByRole("textbox", { name: words.editorOf(path) });
}

/** Puts other text into a file that shows. */
async function retype(page: Page, path: string, text: string): Promise<void> {
  await editor(page, path).click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
  await expect(editor(page, path)).toHaveText(text);
}

/** Answers the dialog that asks for a path. */
async function answer(page: Page, path: string, button: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(words.path).fill(path);
  await dialog.getByRole("button", { name: button, exact: true }).click();
}

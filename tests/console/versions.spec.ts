// Versions and aliases: published, named, weighted, deleted.
import type { Page } from "@playwright/test";
import { en } from "../../console-ui/src/i18n/messages";
import { deploy } from "./package";
import { expect, test } from "./stage";

const versions = en.functionVersions;
const aliases = en.functionAliases;

// A version that an alias names is not deleted.
test.use({ allowed: /Failed to load resource: the server responded with a status of 409/ });

test("a version is published, named by an alias that shares its calls, and both are deleted", async ({ page, hearth }) => {
  const code = (answer: string) => ({ "lambda_function.py": `def lambda_handler(event, context): return ${answer}\n` });
  await deploy(hearth, "versioned", code("1"));
  await page.goto("/console/functions/versioned/versions");

  await test.step("two versions", async () => {
    await publish(page, "First release");
    await expect(page.getByText(versions.published("1"))).toBeVisible();
    await deploy(hearth, "versioned", code("2"));
    await page.reload();
    await publish(page, "Second release");
    await expect(page.getByText(versions.published("2"))).toBeVisible();
    await publish(page, "Second release");
    await expect(page.getByText(versions.same("2"))).toBeVisible();
    await expect(page.getByRole("gridcell", { name: "First release" })).toBeVisible();
  });

  await test.step("an alias with weights", async () => {
    await page.getByRole("tab", { name: en.functionPage.tabs.aliases, exact: true }).click();
    await page.getByRole("button", { name: aliases.create }).first().click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel(aliases.name)).toBeFocused();
    await page.keyboard.type("7");
    await expect(dialog.getByText(aliases.nameFaults.number)).toBeVisible();
    await dialog.getByLabel(aliases.name).fill("prod");
    await choose(page, aliases.version, /^1/);
    await dialog.getByRole("button", { name: aliases.weighted }).click();
    await choose(page, aliases.secondVersion, /^2/);
    await dialog.getByRole("spinbutton", { name: aliases.percent }).fill("25");
    await dialog.getByRole("button", { name: en.app.save, exact: true }).click();
    await expect(page.getByText(aliases.created("prod"))).toBeVisible();
    await expect(page.getByRole("link", { name: aliases.route("2", "25%") })).toBeVisible();
    const { RoutingConfig } = (await (await hearth.call("GET", "/2015-03-31/functions/versioned/aliases/prod")).json()) as {
      RoutingConfig: unknown;
    };
    expect(RoutingConfig).toEqual({ AdditionalVersionWeights: { "2": 0.25 } });
  });

  await test.step("a version that the alias names stays", async () => {
    await page.getByRole("tab", { name: en.functionPage.tabs.versions, exact: true }).click();
    await remove(page, "1");
    await expect(page.getByRole("dialog").getByText(/ResourceConflictException/)).toBeVisible();
    await page.getByRole("dialog").getByRole("button", { name: en.app.cancel }).click();
  });

  await test.step("alias and version go", async () => {
    await page.goto("/console/functions/versioned/aliases?qualifier=prod");
    await remove(page, "prod");
    await expect(page.getByText(aliases.deleted("prod"))).toBeVisible();
    await expect(page).toHaveURL(/\/functions\/versioned\/aliases$/);
    await expect(page.getByText(aliases.emptyHelp)).toBeVisible();
    await page.getByRole("tab", { name: en.functionPage.tabs.versions, exact: true }).click();
    await remove(page, "1");
    await expect(page.getByText(versions.deleted("1"))).toBeVisible();
    await expect(page.getByRole("gridcell", { name: "First release" })).toBeHidden();
  });
});

test.describe("gone", () => {
  test.use({ allowed: /Failed to load resource: the server responded with a status of 404/ });

  test("a version that is not there leads to its function", async ({ page, hearth }) => {
    await hearth.function("unversioned");
    await page.goto("/console/functions/unversioned/code?qualifier=99");
    await expect(page.getByText(en.functionPage.goneQualifier("99", "unversioned"))).toBeVisible();
    await page.getByRole("link", { name: en.functionPage.toFunction("unversioned") }).click();
    await expect(page.getByRole("heading", { level: 1, name: "unversioned" })).toBeVisible();
  });

  test("an alias deleted elsewhere while it is edited says so, and keeps what was typed", async ({ page, hearth }) => {
    await hearth.function("renamed");
    const alias = { Name: "brief", FunctionVersion: "$LATEST" };
    await hearth.call("POST", "/2015-03-31/functions/renamed/aliases", JSON.stringify(alias));
    await page.goto("/console/functions/renamed/aliases?edit=brief");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(aliases.aliasDescription).fill("typed with care");
    await hearth.call("DELETE", "/2015-03-31/functions/renamed/aliases/brief");
    await dialog.getByRole("button", { name: en.app.save, exact: true }).click();
    await expect(dialog.getByText(en.app.failures.gone)).toBeVisible();
    await expect(page.getByText(aliases.empty)).toBeVisible();
    await expect(dialog.getByLabel(aliases.aliasDescription)).toHaveValue("typed with care");
  });
});

async function publish(page: Page, description: string): Promise<void> {
  await page.getByRole("button", { name: versions.publish }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(versions.versionDescription).fill(description);
  await dialog.getByRole("button", { name: versions.publish }).click();
  await expect(dialog).toBeHidden();
}

/** Picks a version in the alias's dialog. */
async function choose(page: Page, label: string, option: RegExp): Promise<void> {
  await page.getByRole("dialog").getByLabel(label, { exact: true }).click();
  await page.getByRole("option", { name: option }).click();
}

/** Selects a row and deletes it, as far as the server agrees. */
async function remove(page: Page, item: string): Promise<void> {
  await page.getByRole("radio", { name: en.app.selectItem(item), exact: true }).check();
  await page.getByRole("button", { name: en.app.delete, exact: true }).click();
  await page.getByRole("dialog").getByPlaceholder(en.app.deleteWord).fill(en.app.deleteWord);
  await page.getByRole("dialog").getByRole("button", { name: en.app.delete, exact: true }).click();
}

// Logs: from a group to a stream to its events, filtered, opened, and from there to the invocation.
import { en } from "../../console-ui/src/i18n/messages";
import { groupOf, invokeLogged } from "./logged";
import { deploy } from "./package";
import { expect, expectAccessible, test } from "./stage";

const words = en.logs;
const CODE = `import json

def lambda_handler(event, context):
    print("said " + event["word"])
    print(json.dumps({"level": "WARN", "word": event["word"], "order": {"id": 7, "lines": [{"sku": "A-1"}]}}))
`;
const GROUP = groupOf("written");
const groupPage = `/console/logs/groups/${encodeURIComponent(GROUP)}`;
let first = "";
let second = "";

test.beforeAll(async ({ hearth }) => {
  await deploy(hearth, "written", { "lambda_function.py": CODE });
  first = await invokeLogged(hearth, "written", { word: "apple" });
  second = await invokeLogged(hearth, "written", { word: "pear" });
});

test("from the groups to a stream's events, whose JSON folds and opens", async ({ page }) => {
  await page.goto("/console/logs/groups");
  await page.getByPlaceholder(words.groups.filter).fill("written");
  await page.getByRole("link", { name: GROUP }).click();
  await expect(page.getByRole("heading", { level: 1, name: GROUP })).toBeVisible();
  await page.getByRole("link", { name: /\[\$LATEST\]/ }).first().click();
  await expect(page).toHaveURL(/\/streams\//);
  const json = page.getByRole("row").filter({ hasText: '"word": "apple"' });
  const toggle = json.getByRole("button").first();
  await expect(toggle).toHaveAttribute("aria-expanded", "false");
  await toggle.click();
  const opened = page.locator(".log-row-open");
  await expect(opened.getByText("order: {2}")).toBeVisible();
  await expect(opened.getByText('sku: "A-1"')).toBeHidden();
  await opened.getByText("lines: [1]").click();
  await opened.getByText("0: {1}").click();
  await expect(opened.getByText('sku: "A-1"')).toBeVisible();
  await expectAccessible(page);
  await opened.getByRole("button").first().click();
  await expect(page.locator(".log-row-open")).toHaveCount(0);
});

test("a filter pattern is in the address, and a wrong one is told at its field", async ({ page }) => {
  await page.goto(`${groupPage}?tab=search`);
  const lines = page.getByRole("table", { name: words.events.label(GROUP) });
  await expect(lines.getByText("said apple")).toBeVisible();
  const pattern = page.getByPlaceholder(words.pattern.placeholder);
  await pattern.fill('{ $.word = "pear" }');
  await pattern.press("Enter");
  await expect(lines.getByText('"word": "pear"')).toBeVisible();
  await expect(lines.getByText("said apple")).toBeHidden();
  await page.reload();
  await expect(pattern).toHaveValue('{ $.word = "pear" }');
  await expect(lines.getByText('"word": "pear"')).toBeVisible();
  await expect(lines.getByText("said")).toBeHidden();
});

test.describe("refused", () => {
  test.use({ allowed: /Failed to load resource/ });

  test("a pattern that is none is told, and stays to be mended", async ({ page }) => {
    await page.goto(`${groupPage}?tab=search`);
    const pattern = page.getByPlaceholder(words.pattern.placeholder);
    await pattern.fill("{ $.word = ");
    await pattern.press("Enter");
    await expect(pattern).toHaveAttribute("aria-invalid", "true");
    await expect(pattern).toHaveValue("{ $.word = ");
  });

  test("a group that is not there says so, with a way on", async ({ page }) => {
    await page.goto("/console/logs/groups/nowhere");
    await expect(page.getByText(words.group.gone("nowhere"))).toBeVisible();
    await page.getByRole("link", { name: words.group.toGroups }).click();
    await expect(page.getByRole("heading", { level: 1, name: words.groups.title })).toBeVisible();
  });
});

test("the REPORT line leads to its invocation", async ({ page }) => {
  await page.goto(`${groupPage}?tab=search`);
  const report = page.getByRole("row").filter({ hasText: `REPORT RequestId: ${second}` });
  await report.getByRole("link", { name: second }).click();
  await expect(page).toHaveURL(new RegExp(`/invocations/${second}$`));
  await expect(page.getByRole("heading", { level: 1, name: en.invocation.title(second) })).toBeVisible();
  const own = page.getByRole("table", { name: words.events.ofRequest(second) });
  await expect(own.getByText("said pear")).toBeVisible();
  await expect(own.getByText("said apple")).toBeHidden();
});

test("a link with a request's id shows the lines of that request only", async ({ page }) => {
  await page.goto(`${groupPage}?requestId=${first}`);
  await expect(page.getByRole("heading", { name: words.events.ofRequest(first) })).toBeVisible();
  await expect(page.getByText("said apple")).toBeVisible();
  await expect(page.getByText("said pear")).toBeHidden();
  await page.getByRole("button", { name: words.events.allLines }).click();
  await expect(page.getByText("said pear")).toBeVisible();
});

// The warm pool: a sandbox is listed while it is warm, ended by hand, and its ending told.
import { en } from "../../console-ui/src/i18n/messages";
import { invokeLogged } from "./logged";
import { expect, expectAccessible, test } from "./stage";

const words = en.sandboxes;
/** The place of the column "Prepared ahead" among a zygote's cells, behind the row's header. */
const BLANKS = Object.keys(words.zygote).indexOf("blanks") - 1;

test("a warm sandbox is found from its invocation, retired, and its ending is told", async ({ page, hearth }) => {
  await hearth.function("pooled");
  const request = await invokeLogged(hearth, "pooled", { key1: "a", key2: "b", key3: "c" });
  const record = (await (await hearth.call("GET", `/hearth/invocations/${request}`)).json()) as { runs: Array<{ sandbox: string }> };
  const id = record.runs[0]!.sandbox;

  await page.goto(`/console/invocations/${request}`);
  await page.getByRole("link", { name: id }).click();
  await expect(page).toHaveURL(new RegExp(`/sandboxes\\?id=${id}$`));
  await expect(page.getByText(words.onlyThis(id))).toBeVisible();
  await expect(page.getByRole("radio")).toHaveCount(1);
  await expect(page.getByRole("gridcell", { name: new RegExp(`^${en.starts.both(en.starts.reasons.first, "pool (hit|miss)")}$`) })).toBeVisible();
  await expectAccessible(page);

  await page.getByRole("radio", { name: en.app.selectItem(id) }).check();
  await page.getByRole("button", { name: words.retire, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(words.retireIdle("pooled"))).toBeVisible();
  await dialog.getByRole("button", { name: words.retire, exact: true }).click();
  await expect(page.getByText(words.retired(id))).toBeVisible();
  await expect(page.getByText(words.reasons.retired.help)).toBeVisible();

  await page.getByRole("button", { name: words.showAll }).click();
  await expect(page).toHaveURL(/\/sandboxes$/);
  await page.getByPlaceholder(words.endingsFilter).fill("pooled");
  await page.getByRole("button", { name: words.reasons.retired.name }).first().click();
  await expect(page.getByText(words.reasons.retired.help)).toBeVisible();
});

test("each zygote tells how many sandboxes are prepared ahead", async ({ page, hearth }) => {
  await hearth.function("prepared");
  await hearth.invoke("prepared", { key1: "", key2: "", key3: "" });
  await page.goto("/console/sandboxes");
  const table = page.getByRole("grid").filter({ has: page.getByRole("columnheader", { name: words.zygote.blanks, exact: true }) });
  // They are made behind the page's back: the page and the API are read until they agree.
  await expect(async () => {
    const { zygotes } = (await (await hearth.call("GET", "/hearth/sandboxes")).json()) as { zygotes: Array<{ pid: number; blanks: number }> };
    for (const { pid, blanks } of zygotes) {
      const row = table.getByRole("row").filter({ has: page.getByRole("gridcell", { name: String(pid), exact: true }) });
      await expect(row.getByRole("gridcell").nth(BLANKS)).toHaveText(String(blanks), { timeout: 3_000 });
    }
    expect(zygotes.length).toBeGreaterThan(0);
  }).toPass();
});

test("a sandbox that nobody remembers says so", async ({ page }) => {
  await page.goto("/console/sandboxes?id=unheard-of");
  await expect(page.getByText(words.gone("unheard-of"))).toBeVisible();
});

test("the list is that of one function when the address says so", async ({ page, hearth }) => {
  for (const name of ["one-of-two", "two-of-two"]) {
    await hearth.function(name);
    await hearth.invoke(name, { key1: "", key2: "", key3: "" });
  }
  await page.goto("/console/sandboxes?function=one-of-two");
  const list = page.getByRole("grid").first();
  await expect(list.getByRole("link", { name: "one-of-two" })).toBeVisible();
  await expect(list.getByRole("link", { name: "two-of-two" })).toBeHidden();
  await page.goto("/console/sandboxes?function=none-at-all");
  await expect(page.getByText(words.emptyOf("none-at-all"))).toBeVisible();
});

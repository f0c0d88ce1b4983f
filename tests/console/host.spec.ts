// The host: how to connect to the server, what it runs on, and how it confines functions.
import { en } from "../../console-ui/src/i18n/messages";
import { expect, test } from "./stage";

const words = en.host;

test("the endpoint and lines to connect by are those of this server", async ({ page, hearth, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto("/console/host");
  await expect(page.getByText(hearth.endpoint, { exact: true })).toBeVisible();
  for (const client of Object.values(words.clients)) {
    await page.getByRole("tab", { name: client, exact: true }).click();
    await page.getByRole("button", { name: words.copySnippet(client) }).click();
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain(new URL(hearth.endpoint).host);
  }
});

test("runtimes, isolation and limits are what the server says", async ({ page, hearth }) => {
  const host = (await (await hearth.call("GET", "/hearth/host")).json()) as {
    version: string;
    kernel: string;
    runtimes: Array<{ name: string; found: boolean }>;
    isolation: Array<{ name: keyof typeof words.restrictions; inForce: boolean }>;
  };
  await page.goto("/console/host");
  await expect(page.getByText(host.kernel, { exact: true })).toBeVisible();
  for (const { name, found } of host.runtimes) {
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name, exact: true }) });
    await expect(row.getByText(found ? words.found : words.missing, { exact: true })).toBeVisible();
  }
  expect(host.isolation.map(({ name }) => name), "the server's restrictions, each with its words").toEqual(Object.keys(words.restrictions));
  for (const { name, inForce } of host.isolation) {
    const row = page.getByRole("row").filter({ has: page.getByRole("rowheader", { name: words.restrictions[name].name, exact: true }) });
    await expect(row.getByText(inForce ? words.inForce : words.notInForce, { exact: true })).toBeVisible();
  }
  await expect(page.getByText("--keep-alive-seconds")).toBeVisible();
});

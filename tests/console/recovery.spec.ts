// What a page does when the server goes away, refuses, or loses what the page shows: it says so, keeps what was typed, and recovers.
import { expect, test } from "./stage";
import { Hearth } from "./hearth";

// What the browser itself logs for a request that failed.
test.use({ allowed: /Failed to load resource|net::ERR_/ });

test("a server that is gone is told, and the page recovers when it comes back", async ({ page }) => {
  const own = new Hearth();
  await own.start();
  await own.function("steady");
  await page.goto(`${own.endpoint}/console/functions`);
  await expect(page.getByRole("link", { name: "steady" })).toBeVisible();
  await own.stop();
  await page.getByRole("button", { name: "Refresh" }).click();
  await expect(page.getByText("The server does not answer.")).toBeVisible();
  await expect(page.getByRole("link", { name: "steady" })).toBeVisible();
  await own.start();
  await expect(page.getByText("The server does not answer.")).toBeHidden({ timeout: 40_000 });
  await own.remove();
});

test("a function that was deleted elsewhere is told, with a way on", async ({ page, hearth }) => {
  await hearth.function("fleeting");
  await page.goto("/console/functions/fleeting/code");
  await expect(page.getByRole("heading", { level: 1, name: "fleeting" })).toBeVisible();
  await hearth.call("DELETE", "/2015-03-31/functions/fleeting");
  await page.reload();
  await expect(page.getByText("There is no function fleeting")).toBeVisible();
  await page.getByRole("link", { name: "Go to Functions" }).click();
  await expect(page).toHaveURL(/\/console\/functions$/);
});

test("an address that is no page says so", async ({ page }) => {
  await page.goto("/console/functions/a/b/c");
  await expect(page.getByRole("heading", { name: "There is no such page" })).toBeVisible();
});

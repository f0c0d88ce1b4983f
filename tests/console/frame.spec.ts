// What every page stands in: the way to the console, its files, its size, language, theme and address.
import { gzipSync } from "node:zlib";
import { expect, expectLoaded, LOOKS, spinners, test, wear, wordsOf } from "./stage";

const MOST_BYTES_OF_FIRST_LOAD = 700_000;

test("a browser that opens the endpoint comes to the functions", async ({ page }) => {
  await page.goto("/");
  await expect(page).toHaveURL(/\/console\/functions$/);
  await expect(page.getByRole("heading", { level: 1, name: "Functions" })).toBeVisible();
});

for (const language of ["en", "zh-CN"] as const) {
  test(`the first load is small in ${language}`, async ({ page }) => {
    await wear(page, { language, theme: "light", width: 1280 });
    const sizes: Promise<number>[] = [];
    page.on("response", (response) => {
      if (response.url().includes("/console/")) {
        sizes.push(response.body().then((body) => gzipSync(body, { level: 9 }).length));
      }
    });
    await page.goto("/console/", { waitUntil: "networkidle" });
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    console.log(`first load in ${language}: ${sizes.length} files, ${Math.round(bytes / 1_000)} kB compressed`);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThanOrEqual(MOST_BYTES_OF_FIRST_LOAD);
  });
}

test("a file that is not there is a real 404, and so is no page", async ({ request }) => {
  expect((await request.get("/console/assets/gone.js")).status()).toBe(404);
  expect((await request.get("/console/nothing")).status()).toBe(404);
  expect((await request.get("/console/functions/any/code")).status()).toBe(200);
});

test("what is being loaded is seen to be", async ({ page }) => {
  let answer = () => {};
  const held = new Promise<void>((done) => (answer = done));
  await page.route("**/2015-03-31/functions/*", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("/console/dashboard");
  await expect(spinners(page)).not.toHaveCount(0);
  answer();
  await expectLoaded(page);
});

for (const look of LOOKS) {
  test(`language and theme come from the browser: ${Object.values(look).join(" ")}`, async ({ browser, hearth }) => {
    const context = await browser.newContext({ locale: look.language, colorScheme: look.theme, baseURL: hearth.endpoint });
    const page = await context.newPage();
    await page.goto("/console/functions");
    const words = wordsOf(look);
    await expect(page.getByRole("heading", { level: 1, name: words.functions.title })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe(look.language);
    const isDark = await page.evaluate(() => document.body.classList.contains("awsui-dark-mode"));
    expect(isDark).toBe(look.theme === "dark");
    await context.close();
  });
}

test("language and theme can be switched, and stay", async ({ page }) => {
  await wear(page, LOOKS[0]!);
  await page.goto("/console/functions");
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("menuitem", { name: "简体中文" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "函数" })).toBeVisible();
  await page.getByRole("button", { name: "设置" }).click();
  await page.getByRole("menuitem", { name: "深色" }).click();
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "函数" })).toBeVisible();
  expect(await page.evaluate(() => document.body.classList.contains("awsui-dark-mode"))).toBe(true);
});

test("the keyboard alone reaches navigation and pages", async ({ page }) => {
  await page.goto("/console/functions");
  const link = page.getByRole("link", { name: "Dashboard" });
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press("Tab");
    if (await link.evaluate((element) => element === document.activeElement)) break;
  }
  await expect(link).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/console\/dashboard$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/console\/functions$/);
});

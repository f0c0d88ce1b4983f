// The stage of every browser test: a server per worker, and a page which may log no error and ask no other host.
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import AxeBuilder from "@axe-core/playwright";
import { SpinnerWrapper } from "../../console-ui/node_modules/@cloudscape-design/components/test-utils/selectors/index.js";
import { en, type Messages } from "../../console-ui/src/i18n/messages";
import { zh } from "../../console-ui/src/i18n/zh";
import { Hearth } from "./hearth";

/** A way to look at the console. */
export interface Look {
  readonly language: "en" | "zh-CN";
  readonly theme: "light" | "dark";
  readonly width: 1280 | 360;
}

/** The looks that every page is tried in: each language, theme and width, in pairs that cover all. */
export const LOOKS: readonly Look[] = [
  { language: "en", theme: "light", width: 1280 },
  { language: "en", theme: "dark", width: 360 },
  { language: "zh-CN", theme: "light", width: 360 },
  { language: "zh-CN", theme: "dark", width: 1280 },
];

/** The words of a look's language. */
export function wordsOf(look: Look): Messages {
  return look.language === "en" ? en : zh;
}

/** Makes a page look so; before its first load. */
export async function wear(page: Page, look: Look): Promise<void> {
  await page.setViewportSize({ width: look.width, height: look.width === 360 ? 740 : 900 });
  await page.emulateMedia({ colorScheme: look.theme });
  await page.addInitScript((language) => {
    if (!localStorage.getItem("hearth.language")) localStorage.setItem("hearth.language", language);
  }, look.language);
}

/** Fails on a serious violation of WCAG's rules, as axe knows them. */
export async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join("\n  ")}`);
  expect(told, "axe's serious violations").toEqual([]);
}

/** What turns while a part of the page is being loaded. */
export function spinners(page: Page): Locator {
  return page.locator(`main .${SpinnerWrapper.rootSelector}`);
}

/** Waits until nothing on the page is still being loaded. */
export async function expectLoaded(page: Page): Promise<void> {
  await expect(spinners(page)).toHaveCount(0);
}

/** Fails when the page is wider than its window. */
export async function expectNoOverflow(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(over, "pixels that the page is wider than its window").toBeLessThanOrEqual(0);
}

interface Fixtures {
  /** The console errors that a test provokes. */
  readonly allowed: RegExp;
  readonly quiet: void;
}

export const test = base.extend<Fixtures, { hearth: Hearth }>({
  hearth: [
    async ({}, use) => {
      const hearth = new Hearth();
      await hearth.start();
      await use(hearth);
      await hearth.remove();
    },
    { scope: "worker" },
  ],
  baseURL: async ({ hearth }, use) => use(hearth.endpoint),
  allowed: [/(?!)/, { option: true }],
  quiet: [
    async ({ page, allowed }, use) => {
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error.stack)));
      page.on("request", (request) => {
        const url = request.url();
        if (!/^http:\/\/127\.0\.0\.1:/.test(url) && !/^(data|blob):/.test(url)) complaints.push(`asked elsewhere: ${url}`);
      });
      await use();
      const unexpected = complaints.filter((complaint) => !allowed.test(complaint));
      expect(unexpected, "errors in the browser's console").toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

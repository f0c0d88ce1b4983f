// The Configuration tab: each section is edited and saved; what the server refuses, and a server that is away, lose nothing typed.
import type { Page } from "@playwright/test";
import type { NetworkMode } from "../../console-ui/src/api/network";
import { en } from "../../console-ui/src/i18n/messages";
import { Hearth } from "./hearth";
import { expect, expectAccessible, expectLoaded, expectNoOverflow, LOOKS, test, wear, wordsOf } from "./stage";

const words = en.functionConfiguration;
const { general, environment, network, concurrency, tags, permissions } = words;

/** A form, opened as a reader opens it. */
async function edit(page: Page, name: string, section: keyof typeof words.sections): Promise<void> {
  await page.goto(`/console/functions/${name}/configuration?section=${section}`);
  await page.getByRole("link", { name: en.app.edit, exact: true }).click();
  await expect(page).toHaveURL(/edit=true/);
}

const save = (page: Page) => page.getByRole("button", { name: en.app.save, exact: true }).click();

const configurationOf = async (hearth: Hearth, name: string) =>
  (await (await hearth.call("GET", `/2015-03-31/functions/${name}/configuration`)).json()) as {
    MemorySize: number;
    Timeout: number;
    Description: string;
    Environment?: { Variables: Record<string, string> };
  };

test("memory, timeout and description are changed", async ({ page, hearth }) => {
  await hearth.function("sized");
  await edit(page, "sized", "general");
  await page.getByLabel(general.memory, { exact: true }).fill("64");
  await expect(page.getByText(general.memoryRange)).toHaveCount(1);
  await save(page);
  await expect(page).toHaveURL(/edit=true/);
  await page.getByLabel(general.memory, { exact: true }).fill("512");
  await page.getByLabel(general.minutesLabel).fill("1");
  await page.getByLabel(general.secondsLabel).fill("30");
  await page.getByLabel(general.description).fill("Sized by hand");
  await save(page);
  await expect(page.getByText(words.saved(words.sections.general, "sized"))).toBeVisible();
  await expect(page).not.toHaveURL(/edit=true/);
  await expect(page.getByText(general.timeoutValue(1, 30))).toBeVisible();
  expect(await configurationOf(hearth, "sized")).toMatchObject({ MemorySize: 512, Timeout: 90, Description: "Sized by hand" });
});

test.describe("what the server refuses", () => {
  test.use({ allowed: /Failed to load resource/ });

  test("stands beside its field, in AWS's words", async ({ page, hearth }) => {
    await hearth.function("refused");
    await edit(page, "refused", "general");
    await page.getByLabel(general.memory, { exact: true }).fill("2048");
    // What the form itself lets pass is refused by a server of narrower limits.
    await page.route("**/functions/refused/configuration", (route) =>
      route.request().method() === "PUT"
        ? route.continue({ postData: JSON.stringify({ ...(route.request().postDataJSON() as object), MemorySize: 64 }) })
        : route.continue(),
    );
    await save(page);
    const field = page.getByLabel(general.memory, { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(/'memorySize' failed to satisfy constraint/);
    await expect(field).toHaveValue("2048");
    await page.unroute("**/functions/refused/configuration");
    await save(page);
    await expect(page.getByText(words.saved(words.sections.general, "refused"))).toBeVisible();
  });

  test("a change made elsewhere meanwhile is told, and can be kept beside one's own", async ({ page, hearth }) => {
    await hearth.function("shared");
    await edit(page, "shared", "general");
    await page.getByLabel(general.description).fill("mine");
    await hearth.call("PUT", "/2015-03-31/functions/shared/configuration", JSON.stringify({ Timeout: 77 }));
    await save(page);
    await expect(page.getByText(words.changedElsewhere)).toBeVisible();
    await expect(page.getByText(words.changedFields([general.timeout]))).toBeVisible();
    await page.getByRole("button", { name: words.overwrite }).click();
    await expect(page.getByText(words.saved(words.sections.general, "shared"))).toBeVisible();
    expect(await configurationOf(hearth, "shared")).toMatchObject({ Timeout: 77, Description: "mine" });
  });

  test("a server that is away while saving loses nothing typed", async ({ page }) => {
    const own = new Hearth();
    await own.start();
    await own.function("patient");
    await page.goto(`${own.endpoint}/console/functions/patient/configuration?section=environment&edit=true`);
    await page.getByRole("button", { name: environment.add }).click();
    await page.getByRole("textbox", { name: environment.key }).fill("AWS_REGION");
    await expect(page.getByText(environment.reserved)).toBeVisible();
    await page.getByRole("textbox", { name: environment.key }).fill("GREETING");
    await page.getByRole("textbox", { name: environment.value }).fill("typed with care");
    await own.stop();
    await save(page);
    await expect(page.getByText(en.app.failures.unreachable).first()).toBeVisible();
    await expect(page.getByRole("textbox", { name: environment.value })).toHaveValue("typed with care");
    await own.start();
    await save(page);
    await expect(page.getByText(words.saved(words.sections.environment, "patient"))).toBeVisible();
    expect((await configurationOf(own, "patient")).Environment?.Variables).toEqual({ GREETING: "typed with care" });
    await page.getByRole("button", { name: environment.show }).click();
    await expect(page.getByText("typed with care")).toBeVisible();
    await own.remove();
  });
});

const networkOf = async (hearth: Hearth, name: string) =>
  ((await (await hearth.call("GET", `/hearth/functions/${name}/network`)).json()) as { mode: NetworkMode }).mode;

const MISSING = "functions share the host's network: the server has no privilege";

/** Makes the page believe that the host offers less; what it asks for goes to the server all the same. */
async function offerOnly(page: Page, name: string, mode: NetworkMode, offered: readonly NetworkMode[]): Promise<void> {
  await page.route(`**/hearth/functions/${name}/network`, (route) =>
    route.request().method() === "GET" ? route.fulfill({ json: { mode, offered } }) : route.continue(),
  );
  await page.route("**/hearth/host", async (route) => {
    const response = await route.fetch();
    const host = (await response.json()) as object;
    const isolation = [{ name: "network-namespace", inForce: false, detail: MISSING }];
    await route.fulfill({ response, json: { ...host, isolation } });
  });
}

test("a function's network is chosen, and a warning stands by the host's", async ({ page, hearth }) => {
  await hearth.function("connected");
  await edit(page, "connected", "network");
  await expect(page.getByRole("radio", { name: network.modes.outbound })).toBeChecked();
  await page.getByRole("radio", { name: network.modes.none }).check();
  await expect(page.getByText(network.hostWarning)).toBeHidden();
  await save(page);
  await expect(page.getByText(words.saved(words.sections.network, "connected"))).toBeVisible();
  await expect(page.getByText(network.modeHelp.none)).toBeVisible();
  expect(await networkOf(hearth, "connected")).toBe("none");

  await edit(page, "connected", "network");
  await page.getByRole("radio", { name: network.modes.host }).check();
  await expect(page.getByText(network.hostWarning)).toBeVisible();
  let asked = "";
  page.once("dialog", (dialog) => {
    asked = dialog.message();
    void dialog.dismiss();
  });
  await page.getByRole("link", { name: words.sections.concurrency, exact: true }).click();
  await expect.poll(() => asked, "what is chosen is not lost without a question").toBe(en.app.unsaved);
  await save(page);
  await expect(page.getByText(words.saved(words.sections.network, "connected"))).toBeVisible();
  await expect(page.getByText(network.hostWarning)).toBeVisible();
  expect(await networkOf(hearth, "connected")).toBe("host");
});

test("a network that the host does not offer is told, and cannot be chosen", async ({ page, hearth }) => {
  await hearth.function("unrouted");
  await offerOnly(page, "unrouted", "outbound", ["host"]);
  await edit(page, "unrouted", "network");
  await expect(page.getByText(network.notOfferedTitle(network.modes.outbound))).toBeVisible();
  await expect(page.getByText(network.onHost)).toBeVisible();
  await expect(page.getByRole("radio", { name: network.modes.none })).toBeDisabled();
  await expect(page.getByText(network.notOffered)).toHaveCount(2);
  await save(page);
  await expect(page.getByText(network.chooseOffered)).toBeVisible();
  expect(await networkOf(hearth, "unrouted")).toBe("outbound");
  await page.getByRole("radio", { name: network.modes.host }).check();
  await expect(page.getByText(network.chooseOffered)).toBeHidden();
  await save(page);
  await expect(page.getByText(words.saved(words.sections.network, "unrouted"))).toBeVisible();
  expect(await networkOf(hearth, "unrouted")).toBe("host");
});

test("a function whose lack of a network cannot be had says that it does not run", async ({ page, hearth }) => {
  await hearth.function("walled");
  await offerOnly(page, "walled", "none", ["host"]);
  await page.goto("/console/functions/walled/configuration?section=network");
  await expect(page.getByText(network.notOfferedTitle(network.modes.none))).toBeVisible();
  await expect(page.getByText(network.refused)).toBeVisible();
  await expect(page.getByText(network.why(MISSING))).toBeVisible();
  await page.getByRole("link", { name: network.toHost }).click();
  await expect(page.getByRole("heading", { level: 1, name: en.host.title })).toBeVisible();
});

for (const look of LOOKS) {
  test(`the network's view and form: ${Object.values(look).join(" ")}`, async ({ page, hearth }) => {
    const { app, functionConfiguration } = wordsOf(look);
    await hearth.function("worn");
    await offerOnly(page, "worn", "outbound", ["host"]);
    await wear(page, look);
    await page.goto("/console/functions/worn/configuration?section=network");
    for (const isEditing of [false, true]) {
      if (isEditing) await page.getByRole("link", { name: app.edit, exact: true }).click();
      await expect(page.getByText(functionConfiguration.network.notOffered)).toHaveCount(isEditing ? 2 : 0);
      await expect(page.getByText(functionConfiguration.network.onHost)).toBeVisible();
      await expectLoaded(page);
      await expectNoOverflow(page);
      await expectAccessible(page);
    }
  });
}

test("concurrency is reserved, and given back", async ({ page, hearth }) => {
  await hearth.function("reserved");
  await edit(page, "reserved", "concurrency");
  await page.getByRole("radio", { name: concurrency.reservedUse }).check();
  await page.getByLabel(concurrency.reserved).fill("1000000");
  await expect(page.getByText(/^Enter a whole number from 0 to /)).toHaveCount(1);
  await page.getByLabel(concurrency.reserved).fill("7");
  await save(page);
  await expect(page.getByText(words.saved(words.sections.concurrency, "reserved"))).toBeVisible();
  const path = "/2019-09-30/functions/reserved/concurrency";
  expect(await (await hearth.call("GET", path)).json()).toEqual({ ReservedConcurrentExecutions: 7 });

  await edit(page, "reserved", "concurrency");
  await page.getByRole("radio", { name: concurrency.unreservedUse }).check();
  await save(page);
  await expect(page.getByText(words.saved(words.sections.concurrency, "reserved"))).toBeVisible();
  expect(await (await hearth.call("GET", path)).json()).toEqual({});
});

test("tags are added, changed and removed", async ({ page, hearth }) => {
  await hearth.function("tagged");
  const stored = async () => {
    const { Tags } = (await (await hearth.call("GET", "/2015-03-31/functions/tagged")).json()) as { Tags?: Record<string, string> };
    return Tags ?? {};
  };
  await edit(page, "tagged", "tags");
  for (const [index, [key, value]] of [["team", "checkout"], ["stage", "test"]].entries()) {
    await page.getByRole("button", { name: tags.add }).click();
    await page.getByRole("textbox", { name: tags.key }).nth(index).fill(key!);
    await page.getByRole("textbox", { name: tags.value }).nth(index).fill(value!);
  }
  await save(page);
  await expect(page.getByRole("gridcell", { name: "checkout" })).toBeVisible();
  expect(await stored()).toEqual({ team: "checkout", stage: "test" });

  await edit(page, "tagged", "tags");
  await page.getByRole("button", { name: tags.removeLabel("stage") }).click();
  await page.getByRole("textbox", { name: tags.value }).fill("payments");
  await save(page);
  await expect(page.getByRole("gridcell", { name: "payments" })).toBeVisible();
  expect(await stored()).toEqual({ team: "payments" });
});

test.describe("permissions", () => {
  // A function without a policy: the browser logs the 404 by itself.
  test.use({ allowed: /Failed to load resource: the server responded with a status of 404/ });

  test("a statement is added to the policy, and removed", async ({ page, hearth }) => {
    await hearth.function("permitted");
    await page.goto("/console/functions/permitted/configuration?section=permissions");
    await expect(page.getByText(permissions.empty)).toBeVisible();
    await expect(page.getByText(permissions.failed)).toBeHidden();
    await page.getByRole("link", { name: permissions.add }).first().click();
    await page.getByLabel(permissions.statementId).fill("from-s3");
    await save(page);
    await expect(page.getByText(permissions.serviceInvalid)).toBeVisible();
    await page.getByLabel(permissions.service, { exact: true }).fill("s3.amazonaws.com");
    await page.getByLabel(permissions.sourceArn).fill("arn:aws:s3:::incoming");
    await save(page);
    await expect(page.getByText(permissions.added("from-s3"))).toBeVisible();
    await expect(page.getByText("AWS:SourceArn ArnLike arn:aws:s3:::incoming")).toBeVisible();

    await page.getByRole("radio", { name: en.app.selectItem("from-s3") }).check();
    await page.getByRole("button", { name: en.app.delete, exact: true }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByPlaceholder(en.app.deleteWord)).toBeFocused();
    await page.keyboard.type(en.app.deleteWord);
    await page.keyboard.press("Enter");
    await expect(page.getByText(permissions.removed("from-s3"))).toBeVisible();
    await expect(page.getByText(permissions.empty)).toBeVisible();
  });
});

// The README's screens: a small life of functions, and the pages that show it.
import { resolve } from "node:path";
import { expect, expectLoaded, LOOKS, test, wear } from "./stage";

const FOLDER = resolve(import.meta.dirname, "../../console-ui/screens");

test("the screens", async ({ page, hearth }) => {
  for (const [name, blueprint] of [
    ["hello", "hello-world-python"],
    ["orders", "error-handling"],
    ["api", "api-http"],
  ] as const) {
    await hearth.function(name, blueprint);
  }
  for (let call = 0; call < 40; call++) {
    await hearth.invoke("hello", call % 5 === 4 ? {} : { key1: `value ${call}`, key2: "b", key3: "c" });
  }
  await wear(page, LOOKS[0]!);

  await page.goto("/console/functions/create?way=blueprint");
  await expectLoaded(page);
  await page.screenshot({ path: `${FOLDER}/create.png` });

  await page.goto("/console/functions/hello/test");
  await page.getByRole("button", { name: "Test", exact: true }).last().click();
  await expect(page.getByText("Executing function: succeeded").first()).toBeVisible();
  await page.screenshot({ path: `${FOLDER}/test.png` });

  await page.goto("/console/functions/hello/monitor");
  await expect(page.getByRole("heading", { name: "Throttles" })).toBeVisible();
  await expectLoaded(page);
  await page.screenshot({ path: `${FOLDER}/monitor.png` });

  const failed = await hearth.call("GET", "/hearth/invocations?function=hello&status=failed&limit=1");
  const { invocations } = (await failed.json()) as { invocations: Array<{ requestId: string }> };
  await page.goto(`/console/invocations/${invocations[0]!.requestId}`);
  await expect(page.getByText("KeyError").first()).toBeVisible();
  await expectLoaded(page);
  await page.screenshot({ path: `${FOLDER}/invocation.png` });
});

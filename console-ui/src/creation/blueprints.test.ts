import { expect, test } from "vitest";
import { chosenBlueprint, matching } from "./blueprints";

const blueprint = (id: string, description = "", tags: readonly string[] = []) => ({
  id,
  name: id,
  description,
  tags,
  runtime: "python3.13",
  handler: "a.b",
  requirements: false,
});
const all = [blueprint("api-http", "Answers HTTP requests"), blueprint("hello-world-python"), blueprint("s3-event", "", ["storage"])];

test("a blueprint is found by its id, words of its description, and tags", () => {
  expect(matching(all, "hello-world-python").map(({ id }) => id)).toEqual(["hello-world-python"]);
  expect(matching(all, "HTTP answers").map(({ id }) => id)).toEqual(["api-http"]);
  expect(matching(all, "").map(({ id }) => id)).toEqual(["hello-world-python", "api-http", "s3-event"]);
  expect(matching(all, "Storage").map(({ id }) => id)).toEqual(["s3-event"]);
});

test("the first is chosen until another one is", () => {
  expect(chosenBlueprint(all, matching(all, ""), undefined)?.id).toBe("hello-world-python");
  expect(chosenBlueprint(all, matching(all, "s3"), undefined)?.id).toBe("s3-event");
  expect(chosenBlueprint(all, [], "api-http")?.id).toBe("api-http");
  expect(chosenBlueprint(all, [], "gone")).toBeUndefined();
});

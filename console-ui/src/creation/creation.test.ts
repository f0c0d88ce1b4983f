// From a filled form to a request, and from a refusal back to its field: the folder's parts in the order in which a creation meets them.
import { strToU8, zipSync } from "fflate";
import { expect, test } from "vitest";
import { DEFAULTS, freeName, requestOf, roleNameOf, runtimeFor } from "./draft";
import { refusalOf } from "./refusal";
import { nameProblem, problemsOf } from "./rules";
import { handlersIn, lookInto, openFile, wrapperOf } from "./zip-look";

const none = new Set<string>();

test("a suggested name is free and fits", () => {
  expect(freeName("hello-world-python", none)).toBe("hello-world-python");
  expect(freeName("hello", new Set(["hello", "hello-2"]))).toBe("hello-3");
  expect(freeName("my package (1)", none)).toBe("my-package-1");
  const long = "x".repeat(64);
  expect(freeName(long, new Set([long]))).toBe(`${"x".repeat(62)}-2`);
  expect(roleNameOf(long, "abcdefgh")).toHaveLength(64);
});

test("a runtime is one that the host has", () => {
  const found = ["python3.11", "python3.12"];
  expect(runtimeFor("python3.11", found)).toBe("python3.11");
  expect(runtimeFor("python3.13", found)).toBe("python3.12");
  expect(runtimeFor(undefined, [])).toBe("");
});

test("the request leaves out what is empty", () => {
  const draft = { ...DEFAULTS, name: " f ", runtime: "python3.12", tags: [{ key: "a ", value: "b" }] };
  const request = requestOf(draft, "r", new Uint8Array());
  expect(request).toMatchObject({ FunctionName: "f", MemorySize: 128, Timeout: 3, Tags: { a: "b" } });
  expect(request).not.toHaveProperty("Environment");
  expect(request).not.toHaveProperty("Description");
});

test("a name is held against the rule as it is typed", () => {
  expect(nameProblem("", none)).toBeUndefined();
  expect(nameProblem("a b", none)).toBe("name-letters");
  expect(nameProblem("x".repeat(65), none)).toBe("name-long");
  expect(nameProblem("f", new Set(["f"]))).toBe("name-taken");
});

test("every field has its rule", () => {
  const good = { ...DEFAULTS, name: "f", runtime: "python3.12" };
  expect(problemsOf(good, none, true)).toEqual({});
  const bad = {
    ...good,
    name: "",
    description: "x".repeat(257),
    runtime: "",
    handler: "a b",
    memory: "127",
    timeout: "1.5",
    roleKind: "arn" as const,
    role: "foo",
    environment: [{ key: "1a", value: "" }],
    tags: [{ key: "t", value: "" }, { key: "t ", value: "" }],
  };
  expect(problemsOf(bad, none, false)).toEqual({
    name: "name-missing",
    description: "description-long",
    runtime: "runtime-missing",
    handler: "handler-space",
    memory: "memory-range",
    timeout: "timeout-range",
    role: "role-pattern",
    environment: "key-pattern",
    tags: "key-twice",
    code: "code-missing",
  });
});

const invalid = (message: string) => refusalOf({ code: "ValidationException", message, kind: "invalid" });

test("AWS's validation errors stand beside their fields, several at once", () => {
  const refusal = invalid(
    "3 validation errors detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-z]{2}); Value '1' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128; Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [x]",
  );
  expect(refusal.rest).toBeUndefined();
  expect(refusal.fields.name).toBe(
    "Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ([a-z]{2})",
  );
  expect(refusal.fields.memory).toContain("greater than or equal to 128");
  expect(refusal.fields.environment).toMatch(/^Value at 'environment.variables'/);
});

test("sentences without a member find their field too", () => {
  expect(Object.keys(invalid("Value python3.2 at 'runtime' failed to satisfy constraint: Member must satisfy enum value set: []").fields)).toEqual(["runtime"]);
  const sentences: Array<[string, string]> = [
    ["Could not unzip uploaded file. Please check your file, then try to upload again.", "code"],
    ["Number of tags exceeds resource tag limit.", "tags"],
    ["The role defined for the function cannot be assumed by Lambda.", "role"],
    ["Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys", "environment"],
    ["The runtime parameter of python2.7 is no longer supported for creating or updating AWS Lambda functions.", "runtime"],
  ];
  for (const [message, field] of sentences) {
    expect(Object.keys(refusalOf({ code: "InvalidParameterValueException", message, kind: "invalid" }).fields)).toEqual([field]);
  }
  const exists = { code: "ResourceConflictException", message: "Function already exist: f", kind: "conflict" } as const;
  expect(refusalOf(exists).fields.name).toBe("Function already exist: f");
  const large = { code: "RequestEntityTooLargeException", message: "too large", kind: "invalid" } as const;
  expect(refusalOf(large).fields.code).toBe("too large");
});

test("what belongs to no field stands at the form's top", () => {
  expect(invalid("Layer version x does not exist.")).toEqual({ fields: {}, rest: "Layer version x does not exist." });
  expect(invalid("1 validation error detected: Value 'x' at 'vpcConfig' failed to satisfy constraint: y").rest).toContain("vpcConfig");
  expect(refusalOf({ code: "ServiceException", message: "disk role", kind: "fault" })).toEqual({ fields: {}, rest: "disk role" });
});

test("the likeliest handler comes first", () => {
  const sources = {
    "app.py": "def helper(a, b):\n  pass\n\ndef handler(event, context):\n  def lambda_handler(e, c): pass\n",
    "tool.py": "def lambda_handler(event: dict, context) -> None: ...\ndef one(event): pass\n",
  };
  expect(handlersIn(sources)).toEqual(["tool.lambda_handler", "app.handler", "app.helper"]);
});

test("a zip is looked into", () => {
  const zip = zipSync({
    "app.py": strToU8("def handler(event, context): pass"),
    "lib/x.bin": new Uint8Array([0, 1]),
    "requirements.txt": strToU8("flask"),
  });
  expect(lookInto(zip)).toMatchObject({ bytes: 40, handlers: ["app.handler"], wrapper: undefined, hasRequirements: true });
  expect(openFile(zip, "requirements.txt")).toBe("flask");
  expect(openFile(zip, "lib/x.bin")).toBeUndefined();
  expect(lookInto(strToU8("not a zip"))).toBeUndefined();
  expect(wrapperOf(["p/a.py", "p/b/c.py"])).toBe("p");
  expect(wrapperOf(["a.py"])).toBeUndefined();
});

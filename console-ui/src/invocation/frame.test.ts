import { expect, test } from "vitest";
import { placeOf, placeRoute } from "./frame";

test("a frame of the function's own code has a place", () => {
  expect(placeOf('  File "/var/task/app.py", line 21, in lambda_handler\n    deep({})\n')).toEqual({ file: "app.py", line: 21 });
  expect(placeOf('File "/var/task/pkg/a b.py", line 3, in f')).toEqual({ file: "pkg/a b.py", line: 3 });
  expect(placeOf("    at handler (/var/task/index.mjs:7:13)")).toEqual({ file: "index.mjs", line: 7 });
  expect(placeOf("    at file:///var/task/index.mjs:7:13")).toEqual({ file: "index.mjs", line: 7 });
});

test.each([
  '  File "/var/lang/lib/python3.13/json/__init__.py", line 346, in loads',
  '  File "/var/task/site-packages/requests/api.py", line 1, in get',
  '  File "/var/task/app.py", line 0, in x',
  "KeyError: 'key'",
  "",
])("%s has none", (frame) => expect(placeOf(frame)).toBeUndefined());

test("the route names file, line, and the version that ran", () => {
  expect(placeRoute("a", "$LATEST", { file: "pkg/app.py", line: 2 })).toBe("/functions/a/code?file=pkg%2Fapp.py&line=2");
  expect(placeRoute("a", "3", { file: "app.py", line: 2 })).toBe("/functions/a/code?file=app.py&line=2&qualifier=3");
});

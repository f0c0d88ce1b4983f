import { expect, test } from "vitest";
import { formatIn } from "../../i18n/format";
import { shortened, spent } from "./spans";

test("spans are no finer than what they are refreshed by", () => {
  const format = formatIn("en");
  expect(spent(format, undefined)).toBe("–");
  expect(spent(format, 300)).toBe("1 sec");
  expect(spent(format, 18_400)).toBe("18 sec");
  expect(spent(format, 714_600)).toBe("11.9 min");
  expect(spent(format, 9_540_000)).toBe("2.7 hr");
});

test("only long ids are shortened", () => {
  expect(shortened("8b6f0d8e-2f0c-4b7e-9d53-0f3ad1c2b3a4")).toBe("8b6f0d8e");
  expect(shortened("sb-1")).toBe("sb-1");
});

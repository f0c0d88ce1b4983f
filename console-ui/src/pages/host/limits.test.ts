import { expect, test } from "vitest";
import { formatIn } from "../../i18n/format";
import { limitText } from "./limits";

test("a limit is written in the unit that its name ends in", () => {
  const format = formatIn("en");
  expect(limitText(format, "sandboxMemoryMib", 6_144)).toBe("6 GB");
  expect(limitText(format, "keepAliveSeconds", 600)).toBe("10 min");
  expect(limitText(format, "asyncRetryDelayMs", 500)).toBe("500 ms");
  expect(limitText(format, "accountConcurrency", 1_000)).toBe("1,000");
});

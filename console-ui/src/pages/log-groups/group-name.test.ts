import { expect, test } from "vitest";
import { isGroupName } from "./group-name";

test.each(["a", "/aws/lambda/x", "A_b-c.d#1", "x".repeat(512)])("%s is a name", (name) => expect(isGroupName(name)).toBe(true));
test.each(["", "a b", "ü", "a:b", "aws/x", "x".repeat(513)])("%s is none", (name) => expect(isGroupName(name)).toBe(false));

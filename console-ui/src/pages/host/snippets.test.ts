import { expect, test } from "vitest";
import { CLIENTS, commandsIn, snippetOf } from "./snippets";

const me = { account: "123456789012", region: "eu-west-1" };

test("every client is told the endpoint, and the caller's account and region", () => {
  for (const client of CLIENTS) {
    const text = snippetOf(client, "http://127.0.0.1:7440", me);
    expect(text).toContain("127.0.0.1:7440");
    if (client === "prometheus") continue;
    expect(text).toContain("123456789012");
    expect(text).toContain("eu-west-1");
  }
});

test("Prometheus is told a host, and the scheme when it is not its default", () => {
  expect(snippetOf("prometheus", "https://hearth.example", me)).toContain('scheme: https\n    static_configs:\n      - targets: ["hearth.example"]');
  expect(snippetOf("prometheus", "http://localhost:7440", me)).not.toContain("scheme");
});

test("commands stand in backticks", () => {
  expect(commandsIn("`uv python install 3.9`, `pyenv install 3.9`, or --python EXECUTABLE")).toEqual([
    "uv python install 3.9",
    "pyenv install 3.9",
  ]);
  expect(commandsIn("nothing")).toEqual([]);
});

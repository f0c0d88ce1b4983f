// Starts the built binary for browser tests, on a free port and a folder of its own, and ends it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const BINARY = resolve(import.meta.dirname, "../../target/release/hearth");
const READY = /Endpoint:\s+(http:\/\/\S+)/;
const LONGEST_START_MS = 30_000;

/** A running server. */
export class Hearth {
  private child: ChildProcess | undefined;
  private readonly data = mkdtempSync(join(tmpdir(), "hearth-console-"));
  /** Its address, kept over restarts. */
  endpoint = "";

  constructor(private readonly options: readonly string[] = []) {}

  /** Starts it; the port is a free one at first and the same one again later. */
  async start(): Promise<void> {
    const port = this.endpoint ? new URL(this.endpoint).port : "0";
    const child = spawn(BINARY, ["--listen", `127.0.0.1:${port}`, "--data", this.data, ...this.options], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    this.endpoint = await new Promise<string>((found, failed) => {
      const timer = setTimeout(() => failed(new Error("hearth did not start")), LONGEST_START_MS);
      child.once("exit", (code) => failed(new Error(`hearth ended with ${code}`)));
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          const [, endpoint] = READY.exec(line) ?? [];
          if (!endpoint) return;
          clearTimeout(timer);
          found(endpoint);
        });
      }
    });
  }

  /** Ends it and waits until it is gone; the data stays. */
  async stop(): Promise<void> {
    const child = this.child;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    await ended;
  }

  /** Ends it for good. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Calls the endpoint; fails on an error answer. */
  async call(method: string, path: string, body?: string): Promise<Response> {
    const answer = await fetch(this.endpoint + path, { method, ...(body === undefined ? {} : { body }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  /** Makes a function from a blueprint, and returns when it can be invoked. */
  async function(name: string, blueprint = "hello-world-python"): Promise<void> {
    await this.call("PUT", `/hearth/functions/${name}?blueprint=${blueprint}`);
    for (let attempt = 0; attempt < 300; attempt++) {
      const answer = await this.call("GET", `/2015-03-31/functions/${name}/configuration`);
      const { State } = (await answer.json()) as { State: string };
      if (State === "Active") return;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`${name} did not become active`);
  }

  /** Invokes a function and waits for its end. */
  async invoke(name: string, event: unknown): Promise<Response> {
    return this.call("POST", `/2015-03-31/functions/${name}/invocations`, JSON.stringify(event));
  }
}

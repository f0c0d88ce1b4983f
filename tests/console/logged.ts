// Log lines for browser tests: waits until the server has them, so that a page which reads once finds them.
import type { Hearth } from "./hearth";

/** The group of a function's lines. */
export function groupOf(name: string): string {
  return `/aws/lambda/${name}`;
}

/** Invokes a function; answers the request's id, once the request's REPORT is among the function's lines. */
export async function invokeLogged(hearth: Hearth, name: string, event: unknown): Promise<string> {
  const requestId = (await hearth.invoke(name, event)).headers.get("x-amzn-requestid");
  if (!requestId) throw new Error(`${name} answered without a request id`);
  for (let attempt = 0; attempt < 300; attempt++) {
    if ((await linesWith(hearth, groupOf(name), `"REPORT RequestId: ${requestId}"`)) > 0) return requestId;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`no REPORT of ${requestId}`);
}

async function linesWith(hearth: Hearth, group: string, filterPattern: string): Promise<number> {
  const answer = await fetch(hearth.endpoint, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Logs_20140328.FilterLogEvents" },
    body: JSON.stringify({ logGroupName: group, filterPattern }),
  });
  if (!answer.ok) return 0;
  const { events = [] } = (await answer.json()) as { events?: unknown[] };
  return events.length;
}

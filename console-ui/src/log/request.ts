// The lines of one request, among the lines of its stream. Pure.
import type { LogLine } from "./line";
import { readLine } from "./reading";

/**
 * The lines from START to END of `requestId` with its REPORT, and whatever else names the request. `lines` are those of one
 * stream, in order. Without an END (it still runs, or its sandbox died) they go up to the next request's START.
 */
export function requestLines(lines: readonly LogLine[], requestId: string): readonly LogLine[] {
  let isInside = false;
  return lines.filter(({ message }) => {
    const { kind, requestId: named } = readLine(message);
    const isOwn = named === requestId;
    if (kind === "start" || kind === "init") isInside = isOwn && kind === "start";
    const belongs = isOwn || isInside || message.includes(requestId);
    if (kind === "end" && isOwn) isInside = false;
    return belongs;
  });
}

/** The pattern that finds what names a request. */
export function requestPattern(requestId: string): string {
  return `"${requestId.replace(/["\\]/g, "")}"`;
}

// The live tail's stream (StartLiveTail): lines as they are taken in.
import { StartLiveTailCommand } from "@aws-sdk/client-cloudwatch-logs";
import { tailedLine, type LogLine } from "../log/line";
import { failureOf } from "./errors";
import { groupArn } from "./log-groups";
import { logs } from "./logs";

/** As many groups as StartLiveTail takes. */
export const MOST_TAILED_GROUPS = 10;

/** What is tailed. */
export interface TailChoice {
  readonly groups: readonly string[];
  /** Only streams whose name starts so; of one group only. */
  readonly prefix: string;
  readonly pattern: string;
}

/** What a tail tells. */
export type TailEvent =
  | { readonly kind: "started" }
  /** `isSampled`: more lines came than the session shows. */
  | { readonly kind: "lines"; readonly lines: readonly LogLine[]; readonly isSampled: boolean };

let lineNumber = 0;

/**
 * Tails until `signal` aborts or the server ends the session.
 * @throws what the server refuses with, and what breaks the connection.
 */
export async function* tail(choice: TailChoice, signal: AbortSignal): AsyncGenerator<TailEvent> {
  const { groups, prefix, pattern } = choice;
  const { responseStream } = await logs().send(
    new StartLiveTailCommand({
      logGroupIdentifiers: groups.map(groupArn),
      ...(prefix && groups.length === 1 ? { logStreamNamePrefixes: [prefix] } : {}),
      ...(pattern ? { logEventFilterPattern: pattern } : {}),
    }),
    { abortSignal: signal },
  );
  for await (const event of responseStream ?? []) {
    signal.throwIfAborted();
    if (event.sessionStart) yield { kind: "started" };
    const ending = event.SessionTimeoutException ?? event.SessionStreamingException;
    if (ending) return;
    if (event.sessionUpdate) {
      const { sessionResults = [], sessionMetadata } = event.sessionUpdate;
      const lines = sessionResults.map((result) => tailedLine(result, lineNumber++));
      yield { kind: "lines", lines, isSampled: sessionMetadata?.sampled ?? false };
    }
  }
}

/** True when the server does not answer StartLiveTail at all. */
export function isUnanswered(error: unknown): boolean {
  const { code } = failureOf(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode;
  return status === 501 || code === "NotImplementedException" || code === "UnknownOperationException";
}

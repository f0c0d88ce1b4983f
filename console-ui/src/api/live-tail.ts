// The live tail's stream (StartLiveTail): lines as they are taken in.
import { StartLiveTailCommand, type StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";
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

/** A session tells something each second, if only that there is nothing; one that is silent for so long has lost its server. */
const LONGEST_SILENCE_MS = 10_000;

let lineNumber = 0;

/**
 * Tails until `signal` aborts or the server ends the session.
 * @throws what the server refuses with, and what breaks the connection.
 */
export async function* tail(choice: TailChoice, signal: AbortSignal): AsyncGenerator<TailEvent> {
  // Whatever ends the tail ends the request too.
  const session = new AbortController();
  try {
    const responseStream = await open(choice, AbortSignal.any([signal, session.signal]));
    for await (const event of untilSilent(responseStream, LONGEST_SILENCE_MS)) {
      signal.throwIfAborted();
      if (event.sessionStart) yield { kind: "started" };
      if (event.SessionTimeoutException ?? event.SessionStreamingException) return;
      if (event.sessionUpdate) {
        const { sessionResults = [], sessionMetadata } = event.sessionUpdate;
        const lines = sessionResults.map((result) => tailedLine(result, lineNumber++));
        yield { kind: "lines", lines, isSampled: sessionMetadata?.sampled ?? false };
      }
    }
  } finally {
    session.abort();
  }
}

async function open({ groups, prefix, pattern }: TailChoice, signal: AbortSignal): Promise<AsyncIterable<StartLiveTailResponseStream>> {
  const { responseStream } = await logs().send(
    new StartLiveTailCommand({
      logGroupIdentifiers: groups.map(groupArn),
      ...(prefix && groups.length === 1 ? { logStreamNamePrefixes: [prefix] } : {}),
      ...(pattern ? { logEventFilterPattern: pattern } : {}),
    }),
    { abortSignal: signal },
  );
  return responseStream ?? nothing();
}

/** True when the server does not answer StartLiveTail at all. */
export function isUnanswered(error: unknown): boolean {
  const { code } = failureOf(error);
  const status = (error as { $metadata?: { httpStatusCode?: number } })?.$metadata?.httpStatusCode;
  return status === 501 || code === "NotImplementedException" || code === "UnknownOperationException";
}

/**
 * What `source` gives, until it gives nothing for `longestMs`.
 * @throws an error that counts as a lost connection.
 */
export async function* untilSilent<T>(source: AsyncIterable<T>, longestMs: number): AsyncGenerator<T> {
  const events = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const silence = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error("The server fell silent.")), longestMs);
      });
      const next = await Promise.race([events.next(), silence]).finally(() => clearTimeout(timer));
      if (next.done) return;
      yield next.value;
    }
  } finally {
    // Not awaited: a source that waits for its next event would not end before it comes.
    void Promise.resolve(events.return?.()).catch(() => undefined);
  }
}

async function* nothing(): AsyncGenerator<never> {}

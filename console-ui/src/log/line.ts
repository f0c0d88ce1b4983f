// A log line as the console holds it, whichever operation answered it.
import type { FilteredLogEvent, LiveTailSessionLogEvent, OutputLogEvent } from "@aws-sdk/client-cloudwatch-logs";

/** One event of a log stream. */
export interface LogLine {
  /** Tells this line from every other one that is shown with it. */
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly message: string;
  readonly stream?: string;
  readonly group?: string;
  /** When it was taken in; epoch milliseconds. */
  readonly ingestedAt?: number;
}

/** A line that FilterLogEvents answered. */
export function filteredLine(event: FilteredLogEvent, group: string): LogLine {
  const { eventId = "", timestamp = 0, message = "", logStreamName = "", ingestionTime = timestamp } = event;
  return { id: `${group} ${logStreamName} ${eventId}`, at: timestamp, message, stream: logStreamName, group, ingestedAt: ingestionTime };
}

/** A line that GetLogEvents answered; `place` is where in the stream it stands, as far as the caller knows. */
export function streamLine(event: OutputLogEvent, place: string): LogLine {
  const { timestamp = 0, message = "", ingestionTime = timestamp } = event;
  return { id: place, at: timestamp, message, ingestedAt: ingestionTime };
}

/** A line of a live tail; `number` counts the lines of the session. */
export function tailedLine(event: LiveTailSessionLogEvent, number: number): LogLine {
  const { timestamp = 0, message = "", logStreamName = "", logGroupIdentifier = "", ingestionTime = timestamp } = event;
  return { id: `tail ${number}`, at: timestamp, message, stream: logStreamName, group: groupOf(logGroupIdentifier), ingestedAt: ingestionTime };
}

/** The group's name of an ARN, of `account:name`, or of a name. */
export function groupOf(identifier: string): string {
  return identifier.replace(/^arn:[^:]*:logs:[^:]*:[^:]*:log-group:/, "").replace(/^\d{12}:/, "").replace(/:\*$/, "");
}

/** What two answers about the same event agree on, where no event id is told. */
export function sameness({ stream, at, ingestedAt, message }: LogLine): string {
  return `${stream} ${at} ${ingestedAt} ${message}`;
}

/**
 * `before` with `found` added: lines that are there already are left out, and the order is by time.
 * At most `most` lines stay, the newest ones. `overlap` is from when on `found` may repeat `before`.
 */
export function merged(before: readonly LogLine[], found: readonly LogLine[], overlap: number, most: number): readonly LogLine[] {
  const known = new Set<string>();
  for (let i = before.length - 1; i >= 0 && before[i]!.at >= overlap; i--) known.add(before[i]!.id);
  const fresh = found.filter(({ id }) => !known.has(id));
  if (fresh.length === 0) return before;
  const all = [...before, ...fresh];
  const last = before.at(-1)?.at ?? -Infinity;
  if (fresh.some(({ at }, index) => at < (fresh[index - 1]?.at ?? last))) all.sort((one, other) => one.at - other.at);
  return all.length > most ? all.slice(all.length - most) : all;
}

/** Lines as a text file: time, stream where lines of several are told apart, message. */
export function asText(lines: readonly LogLine[]): string {
  const isMixed = new Set(lines.map(({ stream }) => stream)).size > 1;
  return lines
    .map(({ at, stream, message }) =>
      [new Date(at).toISOString(), ...(isMixed ? [stream ?? ""] : []), message.replace(/\r/g, "\n").trimEnd()].join("\t"),
    )
    .join("\n")
    .concat(lines.length > 0 ? "\n" : "");
}

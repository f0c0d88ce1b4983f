// One log line: time and message in a row that opens to the whole text, or to the tree of its JSON.
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import { memo } from "react";
import { Link } from "react-router";
import { useMessages } from "../../i18n/language";
import type { LogLine } from "../../log/line";
import { readLine, type Reading } from "../../log/reading";
import { timeParts, type Zone } from "../../log/time";
import { JsonTree } from "./json-value";
import { Marked } from "./marked";

const LONGEST_PREVIEW = 2_000;
const LONGEST_WHOLE = 300_000;

interface LogRowProps {
  readonly line: LogLine;
  readonly isOpen: boolean;
  readonly isWrapped: boolean;
  readonly hasStreams: boolean;
  readonly zone: Zone;
  readonly find: string;
  readonly onToggle: (id: string) => void;
}

/** The cells of a row. */
export const LogCells = memo(function LogCells({ line, isOpen, isWrapped, hasStreams, zone, find, onToggle }: LogRowProps) {
  const { logs } = useMessages();
  const reading = readingOf(line);
  const { date, clock } = timeParts(line.at, zone);
  const word = reading.level === "error" || reading.level === "warning" ? logs.events.levels[reading.level] : undefined;
  const toggle = () => onToggle(line.id);
  return (
    <>
      <div role="cell" className="log-toggle">
        <button type="button" aria-expanded={isOpen} aria-label={logs.events.expand(clock)} onClick={toggle}>
          <svg viewBox="0 0 8 8" aria-hidden="true">
            <path d="M1 0 7 4 1 8z" />
          </svg>
        </button>
      </div>
      <div role="cell" className="log-time">
        <span className="log-date">{date} </span>
        {clock}
      </div>
      <div role="cell" className="log-message" onClick={isOpen ? undefined : toggle}>
        {word && <span className="log-hidden">{word} </span>}
        {isOpen ? <Whole line={line} reading={reading} find={find} /> : <Preview line={line} reading={reading} isWrapped={isWrapped} find={find} />}
      </div>
      {hasStreams && (
        <div role="cell" className="log-stream">
          <StreamLink line={line} />
        </div>
      )}
      {isOpen && <Detail line={line} reading={reading} hasStreams={hasStreams} />}
    </>
  );
});

const readings = new WeakMap<LogLine, Reading>();

/** What a line says; read once. */
function readingOf(line: LogLine): Reading {
  let reading = readings.get(line);
  if (!reading) readings.set(line, (reading = readLine(line.message)));
  return reading;
}

/** The class of a row by what its line says. */
export function levelClass(line: LogLine): string {
  return `log-row-${readingOf(line).level}`;
}

interface TextProps {
  readonly line: LogLine;
  readonly reading: Reading;
  readonly find: string;
}

function Preview({ line, reading, isWrapped, find }: TextProps & { isWrapped: boolean }) {
  const whole = line.message.trimEnd();
  const cut = whole.length > LONGEST_PREVIEW ? `${whole.slice(0, LONGEST_PREVIEW)}…` : whole;
  const text = isWrapped ? cut.replace(/\r\n?/g, "\n") : cut.replace(/[\r\n]+/g, " ");
  return <Linked text={text} reading={reading} find={find} />;
}

function Whole({ line, reading, find }: TextProps) {
  const { logs } = useMessages();
  if (reading.json) return <JsonTree value={reading.json} find={find} />;
  const text = line.message.trimEnd().replace(/\r\n?/g, "\n");
  if (text.length <= LONGEST_WHOLE) return <Linked text={text} reading={reading} find={find} />;
  return (
    <>
      <Linked text={text.slice(0, LONGEST_WHOLE)} reading={reading} find={find} />
      <p className="log-json-count">{logs.events.cut}</p>
    </>
  );
}

/** The text; of a platform's line, the request leads to its invocation. */
function Linked({ text, reading: { kind, requestId }, find }: { text: string; reading: Reading; find: string }) {
  const at = kind === "plain" || !requestId ? -1 : text.indexOf(requestId);
  if (at < 0 || !requestId) return <Marked text={text} find={find} />;
  return (
    <>
      <Marked text={text.slice(0, at)} find={find} />
      <Link to={`/invocations/${requestId}`} onClick={(event) => event.stopPropagation()}>
        {requestId}
      </Link>
      <Marked text={text.slice(at + requestId.length)} find={find} />
    </>
  );
}

function StreamLink({ line: { group, stream } }: { line: LogLine }) {
  if (!group || !stream) return stream;
  return (
    <Link to={`/logs/groups/${encodeURIComponent(group)}/streams/${encodeURIComponent(stream)}`} title={stream}>
      {stream}
    </Link>
  );
}

function Detail({ line, reading, hasStreams }: { line: LogLine; reading: Reading; hasStreams: boolean }) {
  const { app, logs } = useMessages();
  return (
    <div role="cell" className="log-detail">
      <CopyToClipboard
        variant="icon"
        copyButtonAriaLabel={logs.events.copyLine}
        textToCopy={line.message.trimEnd().replace(/\r\n?/g, "\n")}
        copySuccessText={app.copied}
        copyErrorText={app.copyFailed}
      />
      {reading.requestId && (
        <span>
          {logs.events.invocation} <Link to={`/invocations/${reading.requestId}`}>{reading.requestId}</Link>
        </span>
      )}
      {hasStreams && line.stream && (
        <span>
          {logs.events.stream} <StreamLink line={line} />
        </span>
      )}
    </div>
  );
}

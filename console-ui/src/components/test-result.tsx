// What a test came to, as AWS's console shows it: status, response or error with its stack trace, numbers, and the end of the log.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import * as tokens from "@cloudscape-design/design-tokens";
import { useEffect, useState, type ReactNode } from "react";
import { Link } from "react-router";
import { useFormat } from "../i18n/format";
import { useMessages } from "../i18n/language";
import type { Run } from "../testing/bench";
import { laidOut } from "../testing/event-json";
import { placeOf, placeRoute } from "../invocation/frame";
import { startInWords } from "../invocation/start";
import type { FunctionFault, Outcome } from "../testing/outcome";
import { downloadText } from "./download";
import { RouteLink } from "./route-link";
import "./test-result.css";

/** The longest text that is drawn; a response may have megabytes. */
const MOST_DRAWN = 100_000;

/** A result, and what can be done with it. */
export interface TestResultProps {
  readonly name: string;
  readonly run: Run;
  readonly onStop: () => void;
  /** More buttons, such as for the results before this one. */
  readonly actions?: ReactNode;
}

/** The result. */
export function TestResult({ name, run, onStop, actions }: TestResultProps) {
  const { functionTest } = useMessages();
  const { outcome } = run;
  const words = functionTest.result;
  return (
    <div className="test-result" role="region" aria-label={words.label} aria-live="polite">
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                {!outcome && <Button onClick={onStop}>{functionTest.stop}</Button>}
                {actions}
              </SpaceBetween>
            }
          >
            <span className="test-status">
              <StatusIndicator type={outcome ? INDICATORS[outcome.status] : "loading"}>
                {outcome ? words[outcome.status] : words.running}
              </StatusIndicator>
            </span>
          </Header>
        }
      >
        {outcome ? <OutcomeView name={name} run={run} outcome={outcome} /> : <Elapsed since={run.startedAt} />}
      </Container>
    </div>
  );
}

const INDICATORS = {
  succeeded: "success",
  failed: "error",
  queued: "success",
  allowed: "success",
  refused: "error",
  stopped: "stopped",
} as const;

function Elapsed({ since }: { since: number }) {
  const { functionTest } = useMessages();
  const format = useFormat();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const clock = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(clock);
  }, []);
  const seconds = Math.floor(Math.max(0, now - since) / 1_000);
  return <ProgressBar variant="standalone" status="in-progress" value={100} ariaLabel={functionTest.result.running} resultText="" additionalInfo={format.duration(seconds * 1_000)} />;
}

function OutcomeView({ name, run, outcome }: { name: string; run: Run; outcome: Outcome }) {
  const { functionTest } = useMessages();
  const words = functionTest.result;
  const { status, fault, failure } = outcome;
  const hasRun = status === "succeeded" || status === "failed";
  return (
    <SpaceBetween size="m">
      {failure && (
        <Box>
          {failure.code}: {failure.message}
        </Box>
      )}
      {status === "queued" && <Box>{words.queuedHelp}</Box>}
      {status === "allowed" && <Box>{words.allowedHelp}</Box>}
      {status === "stopped" && <Box>{words.stoppedHelp}</Box>}
      <ColumnLayout columns={hasRun ? 2 : 1}>
        {hasRun && (
          <SpaceBetween size="s">
            {fault && <Fault name={name} qualifier={run.qualifier} fault={fault} />}
            <Response name={name} text={outcome.response ?? ""} />
          </SpaceBetween>
        )}
        <Summary outcome={outcome} />
      </ColumnLayout>
      {hasRun && <Log name={name} qualifier={run.qualifier} text={outcome.log ?? ""} />}
    </SpaceBetween>
  );
}

function Fault({ name, qualifier, fault }: { name: string; qualifier: string | undefined; fault: FunctionFault }) {
  const { functionTest } = useMessages();
  const { errorType, errorMessage, stackTrace } = fault;
  return (
    <SpaceBetween size="xs">
      <Box color="text-status-error" fontWeight="bold">
        {[errorType, errorMessage].filter(Boolean).join(": ")}
      </Box>
      {stackTrace.length > 0 && (
        <Titled title={functionTest.result.stack}>
          <Text>
            {stackTrace.map((entry, index) => {
              const text = entry.replace(/\s+$/, "");
              const place = placeOf(text);
              return (
                <div key={index}>
                  {place ? <Linked text={text} to={placeRoute(name, qualifier ?? "$LATEST", place)} /> : text}
                </div>
              );
            })}
          </Text>
        </Titled>
      )}
    </SpaceBetween>
  );
}

/** A frame whose first line leads to the code. */
function Linked({ text, to }: { text: string; to: string }) {
  const [, indent = "", place = "", code = ""] = /^(\s*)([^\n]*)([^]*)$/.exec(text) ?? [];
  return (
    <>
      {indent}
      <Link to={to} style={{ color: tokens.colorTextLinkDefault }}>
        {place}
      </Link>
      {code}
    </>
  );
}

function Response({ name, text }: { name: string; text: string }) {
  const { functionTest } = useMessages();
  const format = useFormat();
  const words = functionTest.result;
  const isLong = text.length > MOST_DRAWN;
  return (
    <Titled title={words.response} actions={text && <Copy label={words.copyResponse} text={text} />}>
      {text === "" ? (
        <Box color="text-body-secondary">{words.noResponse}</Box>
      ) : (
        <Text label={words.response}>{isLong ? text.slice(0, MOST_DRAWN) : laidOut(text)}</Text>
      )}
      {isLong && (
        <SpaceBetween direction="horizontal" size="xs" alignItems="center">
          <Box color="text-body-secondary">{words.cut(format.bytes(MOST_DRAWN), format.bytes(text.length))}</Box>
          <Button variant="inline-link" onClick={() => downloadText(`${name}-response.json`, text, "application/json")}>
            {words.download}
          </Button>
        </SpaceBetween>
      )}
    </Titled>
  );
}

function Summary({ outcome }: { outcome: Outcome }) {
  const { app, functionTest, starts } = useMessages();
  const format = useFormat();
  const words = functionTest.result;
  const { report, requestId, executedVersion } = outcome;
  const mb = (value: number | undefined) => (value === undefined ? "–" : `${format.number(value)} ${app.units.mb}`);
  const start = startInWords({ coldStartReason: report?.coldStart ?? null, startPath: report?.startPath ?? null }, starts);
  const items = [
    ...(report
      ? [
          { label: words.duration, value: format.duration(report.durationMs) },
          { label: words.billed, value: format.duration(report.billedDurationMs) },
          { label: words.memory, value: words.memoryOf(mb(report.maxMemoryUsedMb), mb(report.memorySizeMb)) },
          { label: words.init, value: format.duration(report.initDurationMs) },
          { label: words.coldStart, value: start ?? words.warm },
        ]
      : []),
    ...(executedVersion ? [{ label: words.version, value: executedVersion }] : []),
    ...(requestId
      ? [
          {
            label: words.requestId,
            value: <RouteLink to={`/invocations/${encodeURIComponent(requestId)}`}>{requestId}</RouteLink>,
          },
        ]
      : []),
  ];
  return items.length > 0 ? <KeyValuePairs ariaLabel={words.summary} columns={2} items={items} /> : null;
}

function Log({ name, qualifier, text }: { name: string; qualifier: string | undefined; text: string }) {
  const { functionTest } = useMessages();
  const words = functionTest.result;
  const query = qualifier ? `?qualifier=${encodeURIComponent(qualifier)}` : "";
  return (
    <Titled
      title={words.log}
      actions={text && <Copy label={words.copyLog} text={text} />}
      info={
        <SpaceBetween direction="horizontal" size="xs">
          <Box color="text-body-secondary" fontSize="body-s">
            {words.logHelp}
          </Box>
          <RouteLink to={`/functions/${encodeURIComponent(name)}/logs${query}`} fontSize="body-s">
            {words.fullLog}
          </RouteLink>
        </SpaceBetween>
      }
    >
      {text === "" ? (
        <Box color="text-body-secondary">{words.noLog}</Box>
      ) : (
        <Text label={words.log}>{text.replace(/\r/g, "\n").trimEnd()}</Text>
      )}
    </Titled>
  );
}

function Titled({ title, actions, info, children }: { title: string; actions?: ReactNode; info?: ReactNode; children: ReactNode }) {
  return (
    <SpaceBetween size="xxs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Box variant="awsui-key-label">{title}</Box>
        {info}
        {actions}
      </SpaceBetween>
      {children}
    </SpaceBetween>
  );
}

function Text({ label, children }: { label?: string; children: ReactNode }) {
  const style = { background: tokens.colorBackgroundCellShaded, border: `1px solid ${tokens.colorBorderDividerDefault}` };
  return (
    <pre className="test-text" style={style} tabIndex={0} {...(label ? { role: "group", "aria-label": label } : {})}>
      {children}
    </pre>
  );
}

function Copy({ label, text }: { label: string; text: string }) {
  const { app } = useMessages();
  return (
    <CopyToClipboard
      variant="icon"
      textToCopy={text}
      copyButtonAriaLabel={label}
      copySuccessText={app.copied}
      copyErrorText={app.copyFailed}
    />
  );
}

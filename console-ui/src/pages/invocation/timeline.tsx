// Where the time of an invocation went: a waterfall per run.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { mayBeRetried, type Invocation, type Run } from "../../api/invocation";
import { InvocationStatusIndicator } from "../../components/invocation/status";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { waterfall } from "../../invocation/waterfall";
import { COLOURS } from "./colours";
import "./invocation.css";
import { StartOf } from "./summary";

/** The runs. */
export function Timeline({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  return (
    <Container
      header={
        <Header variant="h2" description={invocation.timelineHelp}>
          {invocation.timeline}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {record.runs.map((run) => (
          <OneRun key={run.attempt} run={run} of={record.runs.length} />
        ))}
        {mayBeRetried(record, Date.now()) && <Alert type="info">{invocation.mayRetry}</Alert>}
      </SpaceBetween>
    </Container>
  );
}

function OneRun({ run, of }: { run: Run; of: number }) {
  const { invocation } = useMessages();
  const format = useFormat();
  return (
    <SpaceBetween size="xs">
      {of > 1 && (
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <Box variant="h3">{invocation.run(run.attempt, of)}</Box>
          <InvocationStatusIndicator status={run.status} />
          <Box color="text-body-secondary">{format.time(run.startedAt)}</Box>
          {run.sandbox && <RouteLink to={`/sandboxes?id=${encodeURIComponent(run.sandbox)}`}>{run.sandbox}</RouteLink>}
        </SpaceBetween>
      )}
      {of > 1 && run.errorType && (
        <Box color="text-status-error">
          {run.errorType}: {run.errorMessage}
        </Box>
      )}
      {of > 1 && (
        <Box color="text-body-secondary">
          <StartOf call={run} />
        </Box>
      )}
      <Waterfall run={run} of={of} />
    </SpaceBetween>
  );
}

function Waterfall({ run, of }: { run: Run; of: number }) {
  const { invocation } = useMessages();
  const format = useFormat();
  const { bars } = waterfall(run.phases);
  if (bars.length === 0) return <Box color="text-body-secondary">{invocation.noPhases}</Box>;
  return (
    <table className="invocation-waterfall" style={COLOURS} aria-label={`${invocation.timeline}: ${invocation.run(run.attempt, of)}`}>
      <thead>
        <tr>
          <th scope="col">{invocation.phase}</th>
          <th scope="col">{invocation.bar}</th>
          <th scope="col" className="invocation-number invocation-after">
            {invocation.startsAt}
          </th>
          <th scope="col" className="invocation-number">
            {invocation.takes}
          </th>
        </tr>
      </thead>
      <tbody>
        {bars.map(({ name, offset, width, startMs, durationMs }) => (
          <tr key={name}>
            <th scope="row">{invocation.phases[name] ?? name}</th>
            <td className="invocation-bar">
              <div
                className={`invocation-${name}`}
                role="img"
                aria-label={format.percent(width)}
                style={{ marginInlineStart: `${offset * 100}%`, inlineSize: `${width * 100}%` }}
              />
            </td>
            <td className="invocation-number invocation-after">{format.duration(startMs)}</td>
            <td className="invocation-number">{format.duration(durationMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

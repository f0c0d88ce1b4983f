// One invocation by its request id: all that is known of it on one page.
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { isGone } from "../../api/errors";
import { invocationQuery, type Invocation } from "../../api/invocation";
import { useStanding } from "../../api/standing";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { RequestLines } from "../../components/log-events/request-events";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";
import { ErrorDetails } from "./error";
import { Payloads } from "./payloads";
import { Replay } from "./replay";
import { Summary } from "./summary";
import { Timeline } from "./timeline";
import { Unknown } from "./unknown";

/** The lines of a run may be written a little before and after its times. */
const LEEWAY_MS = 60_000;

/** The page. */
export default function InvocationPage() {
  const { app, invocations, invocation } = useMessages();
  const { requestId = "" } = useParams();
  const query = useQuery(invocationQuery(requestId));
  const { data } = query;
  const { error, isPending } = useStanding(query);
  const isUnknown = isGone(error) && !data;
  return (
    <Page
      crumbs={[
        { text: invocations.title, href: "/invocations" },
        { text: requestId, href: `/invocations/${encodeURIComponent(requestId)}` },
      ]}
    >
      <SpaceBetween size="l">
        <Header
          variant="h1"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <CopyToClipboard
                variant="button"
                copyButtonText={invocation.copyLink}
                textToCopy={location.href}
                copySuccessText={app.copied}
                copyErrorText={app.copyFailed}
              />
              {data?.event != null && <Replay key={requestId} record={data} />}
            </SpaceBetween>
          }
        >
          {invocation.title(requestId)}
        </Header>
        {isUnknown && <Unknown requestId={requestId} looks={query.errorUpdateCount} onLook={() => void query.refetch()} />}
        {error && !isUnknown && <FailureAlert error={error} header={invocation.failed} onRetry={() => void query.refetch()} />}
        {isPending && <Container>{app.loading}</Container>}
        {data && <Known record={data} />}
      </SpaceBetween>
    </Page>
  );
}

function Known({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  const streams = [...new Set(record.runs.map(({ logStream }) => logStream).filter(Boolean))];
  const base = `/logs/groups/${encodeURIComponent(record.logGroup)}`;
  return (
    <SpaceBetween size="l">
      <Summary record={record} />
      {record.error && <ErrorDetails record={record} error={record.error} />}
      <Timeline record={record} />
      <Payloads record={record} />
      <Container
        header={
          <Header
            variant="h2"
            description={invocation.logsHelp}
            actions={
              record.logStream && (
                <RouteButton to={`${base}/streams/${encodeURIComponent(record.logStream)}`}>{invocation.openStream}</RouteButton>
              )
            }
          >
            {invocation.logs}
          </Header>
        }
      >
        <RequestLines
          group={record.logGroup}
          requestId={record.requestId}
          {...(streams.length > 0 ? { streams } : {})}
          from={record.startedAt - LEEWAY_MS}
          to={record.endedAt + LEEWAY_MS}
          height="480px"
        />
      </Container>
    </SpaceBetween>
  );
}

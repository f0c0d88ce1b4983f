// The events of exactly one request, in a log view.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { isPassing } from "../../api/errors";
import { requestLinesQuery, type RequestSearch } from "../../api/request-lines";
import { useMessages } from "../../i18n/language";
import type { LogLine } from "../../log/line";
import { readLine } from "../../log/reading";
import { FailureAlert } from "../failure-alert";
import { RouteButton } from "../route-link";
import { LogView } from "./view";

const ASK_MS = 2_000;
/** A request that has not ended by then is no longer asked for. */
const MOST_ASKS = 30;

/** The events of a request, with ways to its invocation and back to all events. */
export function RequestEvents({ onAll, ...search }: RequestSearch & { readonly onAll: () => void }) {
  const { logs } = useMessages();
  const { requestId } = search;
  return (
    <SpaceBetween size="s">
      <Header
        variant="h3"
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RouteButton to={`/invocations/${encodeURIComponent(requestId)}`}>{logs.events.openInvocation}</RouteButton>
            <Button onClick={onAll}>{logs.events.allLines}</Button>
          </SpaceBetween>
        }
      >
        {logs.events.ofRequest(requestId)}
      </Header>
      <RequestLines {...search} />
    </SpaceBetween>
  );
}

/** The events of a request; asks again until its END is there. */
export function RequestLines({ height, ...search }: RequestSearch & { readonly height?: string }) {
  const { logs } = useMessages();
  const query = useQuery({
    ...requestLinesQuery(search),
    refetchInterval: ({ state }) => {
      if (state.error && !isPassing(state.error)) return false;
      return isEnded(state.data) || state.dataUpdateCount >= MOST_ASKS ? false : ASK_MS;
    },
  });
  const lines = query.data ?? [];
  return (
    <SpaceBetween size="s">
      <FailureAlert error={query.error} header={logs.events.failed} onRetry={() => void query.refetch()} />
      <LogView
        label={logs.events.ofRequest(search.requestId)}
        lines={lines}
        isLoading={query.isPending}
        fileName={search.requestId}
        hasStreams={new Set(lines.map(({ stream }) => stream)).size > 1}
        {...(height ? { height } : {})}
        empty={
          !query.error && (
            <>
              <Box variant="strong">{logs.events.requestEmpty}</Box>
              <Box color="inherit">{logs.events.requestEmptyHelp}</Box>
            </>
          )
        }
      />
    </SpaceBetween>
  );
}

/** True when the last run's REPORT is there. */
function isEnded(lines: readonly LogLine[] | undefined): boolean {
  return lines !== undefined && lines.some(({ message }) => readLine(message).kind === "report");
}

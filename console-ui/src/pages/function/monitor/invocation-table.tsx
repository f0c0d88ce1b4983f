// The recent and the most expensive invocations of the function, each with the way to its record and its log.
import Header from "@cloudscape-design/components/header";
import Box from "@cloudscape-design/components/box";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import Table, { type TableProps } from "@cloudscape-design/components/table";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { invocationsQuery, type InvocationFilter, type InvocationStatus, type InvocationSummary } from "../../../api/invocations";
import { FailureAlert } from "../../../components/failure-alert";
import { RouteButton, RouteLink } from "../../../components/route-link";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { startInWords } from "../../../invocation/start";

/** The table. */
export function InvocationTable(props: {
  title: string;
  description: string;
  filter: InvocationFilter;
  /** False while the filter is not whole yet. */
  isReady?: boolean;
  refetchInterval: number | false;
  empty: string;
  /** What to do where there are none. */
  testRoute: string;
}) {
  const { title, description, filter, isReady = true, refetchInterval, empty, testRoute } = props;
  const { app, functionMonitor } = useMessages();
  const query = useQuery({ ...invocationsQuery(filter), refetchInterval, enabled: isReady, placeholderData: keepPreviousData });
  const columns = useColumns(filter.order === "expensive");
  return (
    <Table<InvocationSummary>
      columnDefinitions={columns}
      items={query.data?.invocations ?? []}
      trackBy="requestId"
      enableKeyboardNavigation
      loading={query.isPending}
      loadingText={app.loading}
      header={
        <Header
          variant="h2"
          description={description}
          actions={<RouteButton to={`/invocations?${searchOf(filter)}`}>{functionMonitor.all}</RouteButton>}
        >
          {title}
        </Header>
      }
      empty={
        query.isError ? (
          <FailureAlert error={query.error} header={functionMonitor.invocationsFailed} onRetry={() => void query.refetch()} />
        ) : (
          <SpaceBetween size="xs" alignItems="center">
            <b>{empty}</b>
            <Box color="text-body-secondary">{functionMonitor.noInvocationsHelp}</Box>
            <RouteButton to={testRoute}>{functionMonitor.toTest}</RouteButton>
          </SpaceBetween>
        )
      }
    />
  );
}

function searchOf({ function: name, order }: InvocationFilter): string {
  return new URLSearchParams({ ...(name ? { function: name } : {}), ...(order ? { order } : {}) }).toString();
}

const INDICATORS: Readonly<Partial<Record<InvocationStatus, StatusIndicatorProps.Type>>> = {
  succeeded: "success",
  "not-run": "stopped",
};

function Status({ invocation }: { invocation: InvocationSummary }) {
  const { functionMonitor } = useMessages();
  const { status, errorType, errorMessage } = invocation;
  return (
    <span title={[errorType, errorMessage].filter(Boolean).join(": ") || undefined}>
      <StatusIndicator type={INDICATORS[status] ?? "error"}>{functionMonitor.status[status] ?? status}</StatusIndicator>
    </span>
  );
}

/** The log lines of an invocation. */
function logRoute({ logGroup, logStream, requestId }: InvocationSummary): string {
  const [group, stream, request] = [logGroup, logStream, requestId].map(encodeURIComponent);
  return `/logs/groups/${group}/streams/${stream}?requestId=${request}`;
}

function useColumns(isExpensive: boolean): TableProps.ColumnDefinition<InvocationSummary>[] {
  const { app, functionMonitor, starts } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = functionMonitor.columns;
    const column = (id: keyof typeof words, cell: (item: InvocationSummary) => React.ReactNode) => ({ id, header: words[id], cell });
    const cost = column("gbSeconds", (item) => format.number(item.gbSeconds, 4));
    return [
      column("startedAt", (item) => <Nowrap title={format.time(item.startedAt)}>{format.ago(item.startedAt)}</Nowrap>),
      {
        ...column("requestId", (item) => (
          <RouteLink to={`/invocations/${encodeURIComponent(item.requestId)}`}>
            <Nowrap title={item.requestId}>{item.requestId}</Nowrap>
          </RouteLink>
        )),
        isRowHeader: true,
        maxWidth: 170,
      },
      column("log", (item) => (
        <RouteLink to={logRoute(item)} ariaLabel={functionMonitor.viewLogOf(item.requestId)}>
          <Nowrap>{functionMonitor.viewLog}</Nowrap>
        </RouteLink>
      )),
      column("status", (item) => <Status invocation={item} />),
      ...(isExpensive ? [cost] : []),
      column("duration", (item) => format.duration(item.durationMs)),
      column("billed", (item) => format.duration(item.billedDurationMs)),
      column("memorySize", (item) => `${format.number(item.memorySizeMb)} ${app.units.mb}`),
      column("memoryUsed", (item) => `${format.number(item.maxMemoryUsedMb)} ${app.units.mb}`),
      column("coldStart", (item) => startInWords(item, starts) ?? "–"),
    ];
  }, [functionMonitor, starts, app, format, isExpensive]);
}

function Nowrap({ title, children }: { title?: string; children: string }) {
  return (
    <span title={title} style={{ whiteSpace: "nowrap" }}>
      {children}
    </span>
  );
}

// What a query found: its progress, its records, and their chart where they make one.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import Tabs from "@cloudscape-design/components/tabs";
import type { GetQueryResultsCommandOutput } from "@aws-sdk/client-cloudwatch-logs";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { isGone } from "../../api/errors";
import { isRunning, resultQuery, useStopQuery } from "../../api/insights";
import { useNotices } from "../../app/notices";
import { FailureAlert } from "../../components/failure-alert";
import { downloadText } from "../../components/log-events/download";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { chartOf } from "../../insights/chart";
import { asCsv, tableOf, type ResultTable } from "../../insights/result";
import { ResultGrid } from "./grid";

const ResultChart = lazy(() => import("./chart"));

/** The results of a run; what to do first when there is none. */
export function Results({ id, query }: { id: string | undefined; query: string }) {
  const { insights } = useMessages();
  if (!id) {
    return (
      <Container header={<Header variant="h2">{insights.results}</Header>}>
        <Box textAlign="center" padding="l" color="text-body-secondary">
          <b>{insights.nothingYet}</b>
          <div>{insights.nothingYetHelp}</div>
        </Box>
      </Container>
    );
  }
  return <Run key={id} id={id} query={query} />;
}

function Run({ id, query }: { id: string; query: string }) {
  const { insights } = useMessages();
  const format = useFormat();
  const notices = useNotices();
  const result = useQuery(resultQuery(id));
  const stop = useStopQuery();
  const { data, error } = result;
  const table = useMemo(() => tableOf(data?.results ?? []), [data]);
  const runs = result.isPending || isRunning(data?.status);
  if (isGone(error)) return <Alert type="info">{insights.goneResult}</Alert>;
  return (
    <Container
      header={
        <Header
          variant="h2"
          counter={table.rows.length > 0 ? `(${format.number(table.rows.length)})` : ""}
          description={<Progress data={data} />}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              {runs && (
                <Button
                  loading={stop.isPending}
                  onClick={() => stop.mutate(id, { onError: (error) => notices.failure(insights.failedStop, error) })}
                >
                  {insights.stop}
                </Button>
              )}
              <Export table={table} />
            </SpaceBetween>
          }
        >
          {insights.results}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {error && <FailureAlert error={error} header={insights.failedResult} onRetry={() => void result.refetch()} />}
        {table.rows.length > 0 ? <Found table={table} query={query} /> : <Nothing isRunning={runs && !error} />}
      </SpaceBetween>
    </Container>
  );
}

const TYPES = {
  Scheduled: "pending",
  Running: "in-progress",
  Complete: "success",
  Failed: "error",
  Cancelled: "stopped",
  Timeout: "error",
  Unknown: "warning",
} as const;

function Progress({ data }: { data: GetQueryResultsCommandOutput | undefined }) {
  const { insights } = useMessages();
  const format = useFormat();
  const status = data?.status ?? "Scheduled";
  const { recordsMatched = 0, recordsScanned = 0, bytesScanned = 0 } = data?.statistics ?? {};
  return (
    <span role="status">
      <StatusIndicator type={TYPES[status] ?? "warning"}>{insights.statuses[status] ?? status}</StatusIndicator>{" "}
      {insights.statistics(format.number(recordsMatched), format.number(recordsScanned), format.bytes(bytesScanned))}
    </span>
  );
}

function Nothing({ isRunning }: { isRunning: boolean }) {
  const { insights } = useMessages();
  return (
    <Box textAlign="center" padding="l" color="text-body-secondary">
      {isRunning ? (
        <Spinner size="large" />
      ) : (
        <>
          <b>{insights.noRecords}</b>
          <div>{insights.noRecordsHelp}</div>
        </>
      )}
    </Box>
  );
}

function Found({ table, query }: { table: ResultTable; query: string }) {
  const { insights } = useMessages();
  const chart = useMemo(() => chartOf(query, table), [query, table]);
  const grid = <ResultGrid table={table} label={insights.results} />;
  if (!chart) return grid;
  return (
    <Tabs
      tabs={[
        { id: "logs", label: insights.tabs.logs, content: grid },
        {
          id: "chart",
          label: insights.tabs.chart,
          content: (
            <Suspense fallback={<Spinner />}>
              <ResultChart key={query} chart={chart} />
            </Suspense>
          ),
        },
      ]}
    />
  );
}

function Export({ table }: { table: ResultTable }) {
  const { app, insights } = useMessages();
  const notices = useNotices();
  const asJson = () => JSON.stringify(table.rows, null, 2);
  const take = (id: string) => {
    if (id === "csv") downloadText("logs-insights.csv", asCsv(table), "text/csv");
    if (id === "json") downloadText("logs-insights.json", asJson(), "application/json");
    if (id === "copy") {
      navigator.clipboard.writeText(asJson()).then(
        () => notices.success(app.copied),
        (error: unknown) => notices.failure(app.copyFailed, error),
      );
    }
  };
  return (
    <ButtonDropdown
      disabled={table.rows.length === 0}
      onItemClick={({ detail }) => take(detail.id)}
      items={[
        { id: "csv", text: insights.exportCsv },
        { id: "json", text: insights.exportJson },
        { id: "copy", text: insights.copyJson },
      ]}
    >
      {insights.export}
    </ButtonDropdown>
  );
}

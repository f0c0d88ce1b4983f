// The invocations of all functions: filtered, ordered, page by page.
import "../../components/log-events/log-events.css";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { invocationsQuery, type InvocationFilter } from "../../api/invocations";
import { useStanding } from "../../api/standing";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";
import { boundsOf, readRange, writeRange, type Range } from "../../log/range";
import { useColumns } from "./columns";
import { Filters, type Chosen } from "./filters";

const PAGE = 50;
const ALL: Range = { kind: "all" };
/** Relative ranges move by so much at a time, so that the same page is asked for in between. */
const STEP_MS = 10_000;

/** The page. */
export default function InvocationsPage() {
  const { app, invocations } = useMessages();
  const [params, setParams] = useSearchParams();
  const chosen = useMemo(() => chosenOf(params), [params]);
  const next = params.get("next") ?? undefined;
  const query = useQuery({
    ...invocationsQuery(filterOf(chosen, next)),
    placeholderData: keepPreviousData,
    refetchInterval: next ? false : 5_000,
  });
  const { error, isPending } = useStanding(query);
  const columns = useColumns();
  const change = (changed: Partial<Chosen>) => setParams(paramsOf({ ...chosen, ...changed }));
  const onward = query.data?.next;
  const isFiltered = chosen.function !== "" || chosen.status !== "all" || chosen.range.kind !== "all";
  const go = (token: string | undefined) =>
    setParams((params) => {
      const moved = new URLSearchParams(params);
      if (token) moved.set("next", token);
      else moved.delete("next");
      return moved;
    });
  return (
    <Page crumbs={[{ text: invocations.title, href: "/invocations" }]} contentType="table">
      <Table
        variant="full-page"
        stickyHeader
        items={query.data?.invocations ?? []}
        columnDefinitions={columns}
        trackBy="requestId"
        loading={isPending}
        loadingText={app.loading}
        enableKeyboardNavigation
        header={
          <Header
            variant="h1"
            description={invocations.description}
            actions={<Button iconName="refresh" ariaLabel={app.refresh} loading={query.isFetching} onClick={() => void query.refetch()} />}
          >
            {invocations.title}
          </Header>
        }
        filter={
          <SpaceBetween size="s">
            <FailureAlert error={error} header={invocations.failed} onRetry={() => void query.refetch()} />
            <Filters chosen={chosen} onChange={change} />
          </SpaceBetween>
        }
        pagination={
          (next || onward) && (
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!next} onClick={() => go(undefined)}>
                {invocations.newer}
              </Button>
              <Button disabled={!onward || query.isPlaceholderData} onClick={() => onward && go(onward)}>
                {invocations.older}
              </Button>
            </SpaceBetween>
          )
        }
        empty={
          !error && (
            <Box textAlign="center" color="inherit" margin={{ vertical: "s" }}>
              <SpaceBetween size="xs" alignItems="center">
                <b>{isFiltered ? invocations.noMatch : invocations.empty}</b>
                {isFiltered ? (
                  <Button onClick={() => setParams({})}>{invocations.clear}</Button>
                ) : (
                  <Box color="text-body-secondary">{invocations.emptyHelp}</Box>
                )}
              </SpaceBetween>
            </Box>
          )
        }
      />
    </Page>
  );
}

function chosenOf(params: URLSearchParams): Chosen {
  return {
    function: params.get("function") ?? "",
    status: params.get("status") === "failed" ? "failed" : "all",
    order: params.get("order") === "expensive" ? "expensive" : "recent",
    range: readRange(params, ALL),
  };
}

function paramsOf({ function: name, status, order, range }: Chosen): URLSearchParams {
  const params = new URLSearchParams();
  if (name) params.set("function", name);
  if (status !== "all") params.set("status", status);
  if (order !== "recent") params.set("order", order);
  if (range.kind !== "all") writeRange(params, range);
  return params;
}

function filterOf({ function: name, status, order, range }: Chosen, next: string | undefined): InvocationFilter {
  const { from, to } = boundsOf(range, Math.floor(Date.now() / STEP_MS) * STEP_MS);
  return {
    limit: PAGE,
    status,
    order,
    ...(name ? { function: name } : {}),
    ...(from === undefined ? {} : { start: from }),
    ...(to === undefined ? {} : { end: to }),
    ...(next ? { next } : {}),
  };
}

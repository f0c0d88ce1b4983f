// The account at a glance: what it uses of its limits, its metrics, and the functions that need a look.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { accountQuery } from "../../api/account";
import { accountNumbersQuery, functionNumbersQuery } from "../../api/dashboard";
import { functionKeys, functionsQuery } from "../../api/functions";
import { metricKeys } from "../../api/metric-data";
import { useStanding } from "../../api/standing";
import { Page } from "../../app/page";
import { RouteButton } from "../../components/route-link";
import { MOST_COUNTED } from "../../dashboard/ranking";
import { RANGES, readDashboardRange } from "../../dashboard/span";
import { useMessages } from "../../i18n/language";
import { AccountPanel } from "./account-panel";
import { Charts } from "./charts";
import { Failures, type Asked } from "./failures";
import { FunctionTables } from "./function-tables";

const REFRESH_MS = 60_000;

/** The page. */
export default function DashboardPage() {
  const { dashboard } = useMessages();
  const [search] = useSearchParams();
  const range = readDashboardRange(search.get("range"));
  const account = useQuery({ ...accountQuery, refetchInterval: REFRESH_MS });
  const functions = useQuery({ ...functionsQuery, refetchInterval: REFRESH_MS });
  const numbers = useQuery(accountNumbersQuery(range));
  const names = (functions.data ?? [])
    .toSorted((one, other) => ((one.LastModified ?? "") < (other.LastModified ?? "") ? 1 : -1))
    .slice(0, MOST_COUNTED)
    .map((item) => item.FunctionName ?? "");
  const each = useQuery({ ...functionNumbersQuery(names, range), enabled: names.length > 0 });
  const listed = useStanding(functions).error;
  const counted = useStanding(each).error;
  const asked: readonly Asked[] = [
    { header: dashboard.accountFailed, error: useStanding(account).error, onRetry: account.refetch },
    { header: dashboard.metricsFailed, error: useStanding(numbers).error, onRetry: numbers.refetch },
    { header: dashboard.functionsFailed, error: listed ?? counted, onRetry: listed ? functions.refetch : each.refetch },
  ];
  const isEmpty = functions.isSuccess && functions.data.length === 0;
  return (
    <Page crumbs={[{ text: dashboard.title, href: "/dashboard" }]}>
      <SpaceBetween size="l">
        <Header variant="h1" actions={<Controls isEmpty={isEmpty} />}>
          {dashboard.title}
        </Header>
        <Failures asked={asked} />
        {isEmpty && <Nothing />}
        <AccountPanel settings={account.data} concurrency={numbers.data?.concurrency} />
        <Charts numbers={numbers.data} range={range} />
        {!isEmpty && (each.data || !(listed ?? counted)) && (
          <FunctionTables
            numbers={each.data}
            isLoading={functions.isPending || (each.isPending && each.isFetching)}
            isBounded={(functions.data?.length ?? 0) > MOST_COUNTED}
            range={range}
          />
        )}
      </SpaceBetween>
    </Page>
  );
}

function Controls({ isEmpty }: { isEmpty: boolean }) {
  const { app, dashboard } = useMessages();
  const cache = useQueryClient();
  const [search, setSearch] = useSearchParams();
  const [isRefreshing, setIsRefreshing] = useState(false);
  const range = readDashboardRange(search.get("range"));
  const refresh = () => {
    setIsRefreshing(true);
    const keys = [accountQuery.queryKey, functionKeys.list, metricKeys.all];
    const refreshed = keys.map((queryKey) => cache.invalidateQueries({ queryKey }));
    void Promise.all(refreshed).finally(() => setIsRefreshing(false));
  };
  const choose = (id: string) =>
    setSearch((before) => {
      const after = new URLSearchParams(before);
      after.set("range", id);
      return after;
    });
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="end">
      <SegmentedControl
        label={dashboard.range}
        selectedId={range}
        options={RANGES.map((id) => ({ id, text: dashboard.shortRanges[id] }))}
        onChange={({ detail }) => choose(detail.selectedId)}
      />
      <Button iconName="refresh" ariaLabel={app.refresh} loading={isRefreshing} onClick={refresh} />
      <RouteButton variant="primary" to={isEmpty ? "/functions/create?way=blueprint" : "/functions/create"}>
        {dashboard.create}
      </RouteButton>
    </SpaceBetween>
  );
}

function Nothing() {
  const { dashboard } = useMessages();
  return (
    <Container>
      <Box textAlign="center" padding="l">
        <SpaceBetween size="s" alignItems="center">
          <Box variant="h2">{dashboard.empty}</Box>
          <Box color="text-body-secondary">{dashboard.emptyHelp}</Box>
          <RouteButton to="/functions/create?way=blueprint">{dashboard.create}</RouteButton>
        </SpaceBetween>
      </Box>
    </Container>
  );
}

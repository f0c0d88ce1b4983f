// The warm pool as it lives: what is warm now, what it was forked from, and how the last ones ended.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { useSearchParams } from "react-router";
import { sandboxesQuery, type Pool } from "../../api/sandboxes";
import { useStanding } from "../../api/standing";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { ChosenSandbox } from "./chosen";
import { Endings } from "./endings";
import { SandboxTable } from "./sandbox-table";
import { Zygotes } from "./zygotes";

const REFRESH_MS = 2_000;

/** The page. */
export default function SandboxesPage() {
  const { app, sandboxes } = useMessages();
  const query = useQuery({ ...sandboxesQuery, refetchInterval: REFRESH_MS });
  const { error, isPending } = useStanding(query);
  const pool = query.data;
  return (
    <Page crumbs={[{ text: sandboxes.title, href: "/sandboxes" }]}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={sandboxes.description}
          actions={<Button iconName="refresh" ariaLabel={app.refresh} onClick={() => void query.refetch()} />}
        >
          {sandboxes.title}
        </Header>
        <FailureAlert error={error} header={pool ? sandboxes.stale : sandboxes.failed} onRetry={() => void query.refetch()} />
        {isPending && (
          <Box textAlign="center" padding="xxl">
            <Spinner size="large" />
          </Box>
        )}
        {pool && <PoolView pool={pool} now={query.dataUpdatedAt} />}
      </SpaceBetween>
    </Page>
  );
}

function PoolView({ pool, now }: { pool: Pool; now: number }) {
  const [search, setSearch] = useSearchParams();
  const id = search.get("id");
  return (
    <SpaceBetween size="l">
      {id && <ChosenSandbox id={id} pool={pool} onAll={() => setSearch({})} />}
      <Overview pool={pool} />
      <SandboxTable sandboxes={pool.sandboxes} keepAliveSeconds={pool.pool.keepAliveSeconds} now={now} />
      <Zygotes zygotes={pool.zygotes} now={now} />
      <Endings endings={pool.endings} now={now} />
    </SpaceBetween>
  );
}

function Overview({ pool }: { pool: Pool }) {
  const { sandboxes } = useMessages();
  const format = useFormat();
  const { busy, idle, memoryMib, memoryBudgetMib, keepAliveSeconds } = pool.pool;
  const mib = (value: number) => format.bytes(value * 1024 * 1024);
  return (
    <Container header={<Header variant="h2">{sandboxes.pool}</Header>}>
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={3}
          items={[
            { label: sandboxes.busy, value: <Box variant="awsui-value-large">{format.number(busy)}</Box> },
            { label: sandboxes.idle, value: <Box variant="awsui-value-large">{format.number(idle)}</Box> },
            { label: sandboxes.keepAlive, value: format.duration(keepAliveSeconds * 1_000) },
          ]}
        />
        <ProgressBar
          label={sandboxes.memory}
          value={memoryBudgetMib > 0 ? Math.min(100, (memoryMib / memoryBudgetMib) * 100) : 0}
          additionalInfo={sandboxes.memoryText(mib(memoryMib), mib(memoryBudgetMib))}
          description={sandboxes.memoryHelp}
        />
      </SpaceBetween>
    </Container>
  );
}

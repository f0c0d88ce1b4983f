// The host: how to connect to the server, what it runs on, and what it gives to functions.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { useQuery } from "@tanstack/react-query";
import { hostQuery, type Host } from "../../api/host";
import { useStanding } from "../../api/standing";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { Connection } from "./connection";
import { Isolation } from "./isolation";
import { limitText, OPTIONS } from "./limits";
import { Runtimes } from "./runtimes";
import { ServerFacts } from "./server-facts";

const REFRESH_MS = 30_000;

/** The page. */
export default function HostPage() {
  const { app, host } = useMessages();
  const query = useQuery({ ...hostQuery, refetchInterval: REFRESH_MS });
  const { error, isPending } = useStanding(query);
  const facts = query.data;
  return (
    <Page crumbs={[{ text: host.title, href: "/host" }]}>
      <SpaceBetween size="l">
        <Header
          variant="h1"
          description={host.description}
          actions={
            <Button
              iconName="refresh"
              ariaLabel={app.refresh}
              loading={query.isFetching}
              onClick={() => void query.refetch()}
            />
          }
        >
          {host.title}
        </Header>
        <Connection />
        <FailureAlert error={error} header={facts ? host.stale : host.failed} onRetry={() => void query.refetch()} />
        {isPending && (
          <Box textAlign="center" padding="xxl">
            <Spinner size="large" />
          </Box>
        )}
        {facts && <Facts facts={facts} now={query.dataUpdatedAt} />}
      </SpaceBetween>
    </Page>
  );
}

function Facts({ facts, now }: { facts: Host; now: number }) {
  return (
    <SpaceBetween size="l">
      <ServerFacts facts={facts} now={now} />
      <Runtimes runtimes={facts.runtimes} />
      <Isolation restrictions={facts.isolation} />
      <Limits limits={facts.limits} />
    </SpaceBetween>
  );
}

function Limits({ limits }: { limits: Host["limits"] }) {
  const { host } = useMessages();
  const format = useFormat();
  const words: Readonly<Record<string, string>> = host.limit;
  return (
    <Container
      header={
        <Header variant="h2" description={host.limitsHelp}>
          {host.limits}
        </Header>
      }
    >
      <KeyValuePairs
        columns={4}
        items={Object.entries(limits).map(([name, value]) => ({
          label: words[name] ?? name,
          value: (
            <>
              {limitText(format, name, value)}
              {OPTIONS[name] && (
                <Box variant="code" display="block" color="text-body-secondary">
                  {OPTIONS[name]}
                </Box>
              )}
            </>
          ),
        }))}
      />
    </Container>
  );
}

// The frame of one function's page: its name, overview and tabs; each tab is a route of its own.
import Alert from "@cloudscape-design/components/alert";
import Badge from "@cloudscape-design/components/badge";
import Box from "@cloudscape-design/components/box";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import Tabs from "@cloudscape-design/components/tabs";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useHref, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { isGone } from "../../api/errors";
import { functionQuery } from "../../api/functions";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";
import type { Messages } from "../../i18n/messages";
import { FunctionActions } from "./actions";
import type { FunctionContext } from "./context";
import { Overview } from "./overview";
import { UnsavedCode } from "./unsaved-code";

const TABS = ["code", "test", "monitor", "logs", "configuration", "versions", "aliases"] as const;

/** The page. */
export default function FunctionPage() {
  const { app, functions, functionPage } = useMessages();
  const { name = "" } = useParams();
  const [search] = useSearchParams();
  const qualifier = search.get("qualifier") ?? undefined;
  const query = useQuery(functionQuery(name, qualifier));
  const crumbs = [
    { text: functions.title, href: "/functions" },
    { text: name, href: `/functions/${encodeURIComponent(name)}` },
  ];
  if (query.isError && isGone(query.error) && !query.data) {
    return (
      <Page crumbs={crumbs}>
        <Alert
          type="warning"
          header={qualifier ? functionPage.goneQualifier(qualifier, name) : functionPage.gone(name)}
          action={
            qualifier ? (
              <RouteButton to={`/functions/${encodeURIComponent(name)}`}>{functionPage.toFunction(name)}</RouteButton>
            ) : (
              <RouteButton to="/functions">{app.toFunctions}</RouteButton>
            )
          }
        >
          {functionPage.goneHelp}
        </Alert>
      </Page>
    );
  }
  const detail = query.data;
  const description = detail?.Configuration?.Description;
  const context: FunctionContext | undefined = detail && { name, qualifier, detail };
  return (
    <Page crumbs={crumbs}>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          description={description && <span style={{ overflowWrap: "anywhere" }}>{description}</span>}
          info={qualifier && <Badge color="blue">{qualifierText(functionPage, qualifier)}</Badge>}
          actions={detail && <FunctionActions name={name} qualifier={qualifier} detail={detail} />}
        >
          {name}
        </Header>
        {query.isError && (
          <FailureAlert error={query.error} header={functionPage.failed(name)} onRetry={() => void query.refetch()} />
        )}
        {!context && query.isPending && (
          <Box textAlign="center" padding="xxl">
            <Spinner size="large" />
          </Box>
        )}
        {context?.detail.Configuration && <Progress configuration={context.detail.Configuration} />}
        {context && <Overview detail={context.detail} />}
        {context && <TabBar name={name} />}
        {context && <Outlet context={context} />}
      </SpaceBetween>
      {context && <UnsavedCode name={name} />}
    </Page>
  );
}

/** A qualifier in words: versions are numbers, aliases are not. */
function qualifierText(words: Messages["functionPage"], qualifier: string): string {
  return /^(\d+|\$LATEST)$/.test(qualifier) ? words.version(qualifier) : words.alias(qualifier);
}

function Progress({ configuration }: { configuration: FunctionConfiguration }) {
  const { functionPage } = useMessages();
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration;
  if (State === "Pending") return <Alert type="info">{functionPage.pending}</Alert>;
  if (State === "Failed") {
    return (
      <Alert type="error" header={functionPage.failedState}>
        {StateReason}
      </Alert>
    );
  }
  if (LastUpdateStatus === "Failed") {
    return (
      <Alert type="error" header={functionPage.failedUpdate}>
        {LastUpdateStatusReason}
      </Alert>
    );
  }
  return null;
}

function TabBar({ name }: { name: string }) {
  const { functionPage } = useMessages();
  const base = `/functions/${encodeURIComponent(name)}`;
  const root = useHref(base);
  const navigate = useNavigate();
  const { pathname, search } = useLocation();
  const active = TABS.find((tab) => pathname.split("/")[3] === tab) ?? "code";
  const qualifier = new URLSearchParams(search).get("qualifier");
  const suffix = qualifier ? `?qualifier=${encodeURIComponent(qualifier)}` : "";
  return (
    <Tabs
      ariaLabel={name}
      activeTabId={active}
      disableContentPaddings
      onChange={({ detail }) => void navigate(`${base}/${detail.activeTabId}${suffix}`)}
      tabs={TABS.map((id) => ({ id, label: functionPage.tabs[id], href: `${root}/${id}${suffix}` }))}
    />
  );
}

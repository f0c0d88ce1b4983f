// One log group: its streams, and a search over all of them.
import Alert from "@cloudscape-design/components/alert";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useQuery } from "@tanstack/react-query";
import { Navigate, useParams, useSearchParams } from "react-router";
import { isGone } from "../../api/errors";
import { groupArn } from "../../api/log-groups";
import { logStreamsQuery } from "../../api/log-streams";
import { Page } from "../../app/page";
import { GroupEvents } from "../../components/log-events/group-events";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";
import type { Range } from "../../log/range";
import { GroupDetails } from "./details";
import { StreamTable } from "./streams";

const LAST_12_HOURS: Range = { kind: "relative", last: "12h" };

/** The page. */
export default function LogGroupPage() {
  const { app, logs } = useMessages();
  const { group = "" } = useParams();
  const [params, setParams] = useSearchParams();
  const isSearch = params.get("tab") === "search" || params.has("filter") || params.has("requestId");
  const { error } = useQuery(logStreamsQuery(group, ""));
  const crumbs = [
    { text: logs.groups.title, href: "/logs/groups" },
    { text: group, href: `/logs/groups/${encodeURIComponent(group)}` },
  ];
  // The tab is in the address too, so that it stays when the filter or the request is taken away.
  if (isSearch && params.get("tab") !== "search") {
    const next = new URLSearchParams(params);
    next.set("tab", "search");
    return <Navigate to={`?${next}`} replace />;
  }
  if (isGone(error)) {
    return (
      <Page crumbs={crumbs}>
        <Alert type="warning" header={logs.group.gone(group)} action={<RouteButton to="/logs/groups">{logs.group.toGroups}</RouteButton>}>
          {logs.group.goneHelp}
        </Alert>
      </Page>
    );
  }
  const query = `group=${encodeURIComponent(group)}`;
  return (
    <Page crumbs={crumbs}>
      <SpaceBetween size="m">
        <Header
          variant="h1"
          description={
            <CopyToClipboard
              variant="inline"
              textToCopy={groupArn(group)}
              copyButtonAriaLabel={app.copy}
              copySuccessText={app.copied}
              copyErrorText={app.copyFailed}
            />
          }
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <RouteButton to={`/logs/live-tail?${query}`}>{logs.groups.tail}</RouteButton>
              <RouteButton to={`/logs/insights?${query}`}>{logs.groups.insights}</RouteButton>
            </SpaceBetween>
          }
        >
          {group}
        </Header>
        {!isSearch && <GroupDetails group={group} />}
        <Tabs
          ariaLabel={group}
          activeTabId={isSearch ? "search" : "streams"}
          onChange={({ detail }) => setParams(detail.activeTabId === "search" ? { tab: "search" } : {})}
          tabs={[
            { id: "streams", label: logs.group.streams, content: !isSearch && <StreamTable group={group} /> },
            { id: "search", label: logs.group.search, content: isSearch && <GroupEvents group={group} otherwise={LAST_12_HOURS} /> },
          ]}
        />
      </SpaceBetween>
    </Page>
  );
}

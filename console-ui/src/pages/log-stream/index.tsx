// One log stream: its events, the newest at the bottom; filtered or by request, they are searched as a group's are.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useParams } from "react-router";
import { isGone, isPassing } from "../../api/errors";
import { streamEventsQuery, useLoadOlder } from "../../api/stream-events";
import { Page } from "../../app/page";
import { FailureAlert } from "../../components/failure-alert";
import { FOLLOW_MS, GroupEvents, NoEvents } from "../../components/log-events/group-events";
import { useLogSearch } from "../../components/log-events/log-search";
import { SearchBar } from "../../components/log-events/search-bar";
import { LogView } from "../../components/log-events/view";
import { useMessages } from "../../i18n/language";
import type { Range } from "../../log/range";

const ALL: Range = { kind: "all" };

/** The page. */
export default function LogStreamPage() {
  const { logs } = useMessages();
  const { group = "", stream = "" } = useParams();
  const { search } = useLogSearch(ALL);
  const base = `/logs/groups/${encodeURIComponent(group)}`;
  const crumbs = [
    { text: logs.groups.title, href: "/logs/groups" },
    { text: group, href: base },
    { text: stream, href: `${base}/streams/${encodeURIComponent(stream)}` },
  ];
  const isSearched = search.filter !== "" || search.requestId !== undefined;
  return (
    <Page crumbs={crumbs}>
      <SpaceBetween size="m">
        <Header variant="h1">{stream}</Header>
        <Container>
          {isSearched ? <GroupEvents group={group} streams={[stream]} otherwise={ALL} /> : <StreamEvents group={group} stream={stream} />}
        </Container>
      </SpaceBetween>
    </Page>
  );
}

function StreamEvents({ group, stream }: { group: string; stream: string }) {
  const { logs } = useMessages();
  const cache = useQueryClient();
  const { search, change, boundsNow } = useLogSearch(ALL);
  const [isFollowing, setIsFollowing] = useState(false);
  const name = { group, stream };
  const options = streamEventsQuery(name, search.range, boundsNow);
  const query = useQuery({
    ...options,
    refetchInterval: ({ state }) => (isFollowing && (!state.error || isPassing(state.error)) ? FOLLOW_MS : false),
  });
  const older = useLoadOlder(name, search.range);
  const { data, error } = query;
  if (isGone(error) && !data) {
    return (
      <Alert type="warning" header={logs.stream.gone(stream)}>
        {logs.stream.goneHelp}
      </Alert>
    );
  }
  return (
    <SpaceBetween size="s">
      <SearchBar
        search={search}
        onChange={change}
        error={error}
        isLoading={query.isPending}
        onRefresh={() => void cache.resetQueries({ queryKey: options.queryKey, exact: true })}
      />
      <FailureAlert error={error ?? older.error} header={logs.stream.failed(stream)} onRetry={() => void query.refetch()} />
      <LogView
        label={logs.events.label(stream)}
        lines={data?.lines ?? []}
        isLoading={query.isPending}
        fileName={stream}
        empty={!error && <NoEvents />}
        following={{ is: isFollowing, set: setIsFollowing }}
        before={
          data &&
          data.lines.length > 0 &&
          (data.isAtStart ? (
            logs.stream.atStart
          ) : (
            <Button variant="inline-link" loading={older.isPending} onClick={() => older.mutate()}>
              {logs.stream.older}
            </Button>
          ))
        }
        after={
          data &&
          (isFollowing ? (
            logs.events.following
          ) : (
            <>
              {logs.events.upToDate}{" "}
              <Button variant="inline-link" loading={query.isFetching} onClick={() => void query.refetch()}>
                {logs.events.retry}
              </Button>
            </>
          ))
        }
      />
    </SpaceBetween>
  );
}

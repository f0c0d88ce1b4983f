// The events of a log group, of all its streams or of some: searched, followed, and by request. The search is in the address.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { isPassing } from "../../api/errors";
import { isComplete, isFull, logEventsQuery, type EventSearch, type Loaded } from "../../api/log-events";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import type { Range } from "../../log/range";
import { FailureAlert } from "../failure-alert";
import { useLogSearch } from "./log-search";
import { RequestEvents } from "./request-events";
import { patternError, SearchBar } from "./search-bar";
import { LogView } from "./view";

/** How often new lines are asked for while they are followed. */
export const FOLLOW_MS = 2_000;
/** The pause between the pages of one range. */
const PAGE_PAUSE_MS = 20;

interface GroupEventsProps {
  readonly group: string;
  /** Only these streams. */
  readonly streams?: readonly string[];
  /** The range when the address has none. */
  readonly otherwise: Range;
}

/** The events. */
export function GroupEvents({ group, streams, otherwise }: GroupEventsProps) {
  const { search, change } = useLogSearch(otherwise);
  if (search.requestId) {
    return (
      <RequestEvents
        group={group}
        requestId={search.requestId}
        {...(streams ? { streams } : {})}
        onAll={() => change({ requestId: undefined })}
      />
    );
  }
  return <Searched group={group} otherwise={otherwise} {...(streams ? { streams } : {})} />;
}

function Searched({ group, streams, otherwise }: GroupEventsProps) {
  const { logs } = useMessages();
  const cache = useQueryClient();
  const { search, change, boundsNow } = useLogSearch(otherwise);
  const [isFollowing, setIsFollowing] = useState(false);
  const asked: EventSearch = { group, pattern: search.filter, ...(streams ? { streams } : {}) };
  const options = logEventsQuery(asked, search.range, boundsNow);
  const query = useQuery({
    ...options,
    refetchInterval: ({ state }) => pause(state, isFollowing),
  });
  const { data, error } = query;
  const isReading = !isComplete(data) && !isFull(data) && !error;
  return (
    <SpaceBetween size="s">
      <SearchBar
        search={search}
        onChange={change}
        error={error}
        isLoading={isReading}
        onRefresh={() => void cache.resetQueries({ queryKey: options.queryKey, exact: true })}
      />
      {!patternError(search, error) && <FailureAlert error={error} header={logs.events.failed} onRetry={() => void query.refetch()} />}
      <LogView
        label={logs.events.label(streams?.[0] ?? group)}
        lines={data?.lines ?? []}
        isLoading={isReading}
        fileName={streams?.[0] ?? group}
        hasStreams={!streams}
        empty={!error && <NoEvents />}
        following={{ is: isFollowing, set: setIsFollowing }}
        after={data && !isReading && <Edge loaded={data} isFollowing={isFollowing} isAsking={query.isFetching} onMore={() => void query.refetch()} />}
      />
    </SpaceBetween>
  );
}

/** When to ask again: at once while the range is read, now and then while it is followed. */
function pause({ data, error }: { data: Loaded | undefined; error: Error | null }, isFollowing: boolean): number | false {
  if (error && !isPassing(error)) return false;
  if (data && !error && !isComplete(data) && !isFull(data)) return PAGE_PAUSE_MS;
  return isFollowing ? FOLLOW_MS : false;
}

/** Says that nothing was found. */
export function NoEvents() {
  const { logs } = useMessages();
  return (
    <>
      <Box variant="strong">{logs.events.empty}</Box>
      <Box color="inherit">{logs.events.emptyHelp}</Box>
    </>
  );
}

function Edge({ loaded, isFollowing, isAsking, onMore }: { loaded: Loaded; isFollowing: boolean; isAsking: boolean; onMore: () => void }) {
  const { logs } = useMessages();
  const format = useFormat();
  if (isFollowing && isComplete(loaded)) return logs.events.following;
  return (
    <>
      {isFull(loaded) && logs.events.full(format.number(loaded.lines.length))}
      {isComplete(loaded) ? logs.events.upToDate : logs.events.more}{" "}
      <Button variant="inline-link" loading={isAsking} onClick={onMore}>
        {isComplete(loaded) ? logs.events.retry : logs.events.newer}
      </Button>
    </>
  );
}

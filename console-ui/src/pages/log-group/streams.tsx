// The streams of a log group, those with the newest events first.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { LogStream } from "@aws-sdk/client-cloudwatch-logs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useSearchParams } from "react-router";
import { logStreamsQuery, MOST_STREAMS, useDeleteLogStreams } from "../../api/log-streams";
import { useStanding } from "../../api/standing";
import { useNotices } from "../../app/notices";
import { DeleteModal } from "../../components/delete-modal";
import { FailureAlert } from "../../components/failure-alert";
import { ResourceTable, type Column } from "../../components/resource-table";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

const nameOf = (stream: LogStream) => stream.logStreamName ?? "";

/** The table. */
export function StreamTable({ group }: { group: string }) {
  const { app, logs } = useMessages();
  const [params, setParams] = useSearchParams();
  const prefix = params.get("prefix") ?? "";
  const query = useQuery({ ...logStreamsQuery(group, prefix), refetchInterval: 10_000 });
  const { error, isPending } = useStanding(query);
  const columns = useColumns(group);
  const [selected, setSelected] = useState<LogStream[]>([]);
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <ResourceTable
        id="log-streams"
        variant="borderless"
        title={logs.group.streams}
        items={query.data?.streams ?? []}
        isLoading={isPending}
        isUnknown={error !== null && !query.data}
        columns={columns}
        visible={["name", "first", "last"]}
        sortedBy="last"
        isDescending
        trackBy={nameOf}
        textOf={nameOf}
        filterPlaceholder={logs.streams.filter}
        empty={logs.streams.empty}
        emptyHelp={logs.streams.emptyHelp}
        notice={
          error ? (
            <FailureAlert error={error} header={logs.streams.failed} onRetry={() => void query.refetch()} />
          ) : query.data?.isMore || prefix ? (
            <ByPrefix key={prefix} prefix={prefix} onApply={(prefix) => setParams(prefix ? { prefix } : {})} />
          ) : undefined
        }
        selection={{ type: "multi", selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={app.refresh} loading={query.isFetching} onClick={() => void query.refetch()} />
            <Button disabled={selected.length === 0} onClick={() => setIsAsking(true)}>
              {app.delete}
            </Button>
          </SpaceBetween>
        }
      />
      {isAsking && (
        <DeleteStreams
          group={group}
          names={selected.map(nameOf)}
          onDismiss={() => setIsAsking(false)}
          onDone={() => {
            setSelected([]);
            setIsAsking(false);
          }}
        />
      )}
    </>
  );
}

function ByPrefix({ prefix, onApply }: { prefix: string; onApply: (prefix: string) => void }) {
  const { logs } = useMessages();
  const [text, setText] = useState(prefix);
  return (
    <Alert type="info">
      <SpaceBetween size="xs">
        <Box>{logs.streams.more(MOST_STREAMS)}</Box>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onApply(text.trim());
          }}
        >
          <FormField label={logs.streams.prefix} secondaryControl={<Button>{logs.streams.byPrefix}</Button>}>
            <Input value={text} placeholder="2026/01/31/[$LATEST]" onChange={({ detail }) => setText(detail.value)} />
          </FormField>
        </form>
      </SpaceBetween>
    </Alert>
  );
}

interface DeleteStreamsProps {
  readonly group: string;
  readonly names: readonly string[];
  readonly onDone: () => void;
  readonly onDismiss: () => void;
}

function DeleteStreams({ group, names, onDone, onDismiss }: DeleteStreamsProps) {
  const { logs } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteLogStreams(group);
  const remove = () =>
    deletion.mutate(names, {
      onSuccess: () => {
        notices.success(logs.streams.deleted(names));
        onDone();
      },
    });
  return (
    <DeleteModal what={logs.streams.deleteWhat(names)} isBusy={deletion.isPending} error={deletion.error} onDelete={remove} onDismiss={onDismiss}>
      {logs.streams.deleteWarning}
    </DeleteModal>
  );
}

function useColumns(group: string): readonly Column<LogStream>[] {
  const { logs } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = logs.streams;
    const time = (id: "first" | "last" | "ingested", sortingField: keyof LogStream & `${string}T${string}`): Column<LogStream> => ({
      id,
      name: words[id],
      header: words[id],
      sortingField,
      cell: (stream) => format.time(stream[sortingField] as number | undefined),
    });
    const base = `/logs/groups/${encodeURIComponent(group)}/streams/`;
    return [
      {
        id: "name",
        name: words.name,
        header: words.name,
        sortingField: "logStreamName",
        isRowHeader: true,
        maxWidth: 460,
        cell: (stream) => (
          <RouteLink to={base + encodeURIComponent(nameOf(stream))}>
            <span title={stream.logStreamName}>{stream.logStreamName}</span>
          </RouteLink>
        ),
      },
      time("first", "firstEventTimestamp"),
      time("last", "lastEventTimestamp"),
      time("ingested", "lastIngestionTime"),
    ];
  }, [logs, format, group]);
}

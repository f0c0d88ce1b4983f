// The list of log groups: find, open, create, delete, and how long they keep their events.
import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { logGroupsQuery, useDeleteLogGroups } from "../../api/log-groups";
import { useStanding } from "../../api/standing";
import { useNotices } from "../../app/notices";
import { Page } from "../../app/page";
import { DeleteModal } from "../../components/delete-modal";
import { FailureAlert } from "../../components/failure-alert";
import { ResourceTable, type Column } from "../../components/resource-table";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { CreateGroupModal } from "./create-modal";
import { RetentionModal } from "./retention-modal";

const nameOf = (group: LogGroup) => group.logGroupName ?? "";

/** The page. */
export default function LogGroupsPage() {
  const { app, logs } = useMessages();
  const query = useQuery({ ...logGroupsQuery, refetchInterval: 30_000 });
  const { error, isPending } = useStanding(query);
  const columns = useColumns();
  const [selected, setSelected] = useState<LogGroup[]>([]);
  const [asking, setAsking] = useState<"create" | "delete" | "retention">();
  const close = () => setAsking(undefined);
  const create = <Button onClick={() => setAsking("create")}>{logs.groups.create}</Button>;
  return (
    <Page crumbs={[{ text: logs.groups.title, href: "/logs/groups" }]} contentType="table">
      <ResourceTable
        id="log-groups"
        variant="full-page"
        headingTag="h1"
        title={logs.groups.title}
        description={logs.groups.description}
        items={query.data ?? []}
        isLoading={isPending}
        isUnknown={error !== null && !query.data}
        columns={columns}
        visible={["name", "retention", "storedBytes", "created"]}
        trackBy={nameOf}
        textOf={nameOf}
        filterPlaceholder={logs.groups.filter}
        empty={logs.groups.empty}
        emptyHelp={logs.groups.emptyHelp}
        emptyAction={create}
        notice={error && <FailureAlert error={error} header={logs.groups.failed} onRetry={() => void query.refetch()} />}
        selection={{ type: "multi", selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={app.refresh} loading={query.isFetching} onClick={() => void query.refetch()} />
            <GroupActions names={selected.map(nameOf)} onAsk={setAsking} />
            <Button variant="primary" onClick={() => setAsking("create")}>
              {logs.groups.create}
            </Button>
          </SpaceBetween>
        }
      />
      {asking === "create" && <CreateGroupModal onDone={close} />}
      {asking === "retention" && <RetentionModal groups={selected} onDone={close} />}
      {asking === "delete" && (
        <DeleteGroups
          names={selected.map(nameOf)}
          onDismiss={close}
          onDone={() => {
            setSelected([]);
            close();
          }}
        />
      )}
    </Page>
  );
}

function GroupActions({ names, onAsk }: { names: readonly string[]; onAsk: (what: "delete" | "retention") => void }) {
  const { app, logs } = useMessages();
  const navigate = useNavigate();
  const groups = names.map((name) => `group=${encodeURIComponent(name)}`).join("&");
  const follow = (id: string) => {
    if (id === "insights") void navigate(`/logs/insights?${groups}`);
    else if (id === "tail") void navigate(`/logs/live-tail?${groups}`);
    else onAsk(id as "delete" | "retention");
  };
  return (
    <ButtonDropdown
      disabled={names.length === 0}
      onItemClick={({ detail }) => follow(detail.id)}
      items={[
        { id: "insights", text: logs.groups.insights },
        { id: "tail", text: logs.groups.tail },
        { id: "retention", text: logs.groups.retentionEdit },
        { id: "delete", text: app.delete },
      ]}
    >
      {app.actions}
    </ButtonDropdown>
  );
}

function DeleteGroups({ names, onDone, onDismiss }: { names: readonly string[]; onDone: () => void; onDismiss: () => void }) {
  const { logs } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteLogGroups();
  const remove = () =>
    deletion.mutate(names, {
      onSuccess: () => {
        notices.success(logs.groups.deleted(names));
        onDone();
      },
    });
  return (
    <DeleteModal what={logs.groups.deleteWhat(names)} isBusy={deletion.isPending} error={deletion.error} onDelete={remove} onDismiss={onDismiss}>
      {logs.groups.deleteWarning}
    </DeleteModal>
  );
}

function useColumns(): readonly Column<LogGroup>[] {
  const { logs } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = logs.groups;
    const column = (
      id: "name" | "retention" | "storedBytes" | "created" | "groupClass" | "arn",
      sortingField: keyof LogGroup,
      cell: (group: LogGroup) => React.ReactNode,
    ): Column<LogGroup> => ({ id, name: words[id], header: words[id], sortingField, cell });
    return [
      {
        ...column("name", "logGroupName", (group) => (
          <RouteLink to={`/logs/groups/${encodeURIComponent(nameOf(group))}`}>
            <span title={group.logGroupName}>{group.logGroupName}</span>
          </RouteLink>
        )),
        isRowHeader: true,
        maxWidth: 460,
      },
      column("retention", "retentionInDays", ({ retentionInDays: days }) => (days === undefined ? words.never : words.days(days))),
      column("storedBytes", "storedBytes", (group) => format.bytes(group.storedBytes)),
      column("created", "creationTime", (group) => format.time(group.creationTime)),
      column("groupClass", "logGroupClass", (group) => group.logGroupClass ?? "–"),
      column("arn", "logGroupArn", (group) => group.logGroupArn ?? "–"),
    ];
  }, [logs, format]);
}

// The list of functions: find, open, create, delete.
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useMemo, useState } from "react";
import { functionsQuery, useDeleteFunctions } from "../../api/functions";
import { useNotices } from "../../app/notices";
import { Page } from "../../app/page";
import { DeleteModal } from "../../components/delete-modal";
import { FailureAlert } from "../../components/failure-alert";
import { FunctionState } from "../../components/function-state";
import { ResourceTable, type Column } from "../../components/resource-table";
import { RouteButton, RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

const nameOf = (item: FunctionConfiguration) => item.FunctionName ?? "";

/** The page. */
export default function FunctionsPage() {
  const { app, functions } = useMessages();
  const notices = useNotices();
  const query = useQuery({ ...functionsQuery, refetchInterval: 10_000 });
  const columns = useColumns();
  const [selected, setSelected] = useState<FunctionConfiguration[]>([]);
  const [isAsking, setIsAsking] = useState(false);
  const deletion = useDeleteFunctions();
  const names = selected.map(nameOf);
  const remove = () =>
    deletion.mutate(names, {
      onSuccess: () => {
        notices.success(functions.deleted(names));
        setSelected([]);
        setIsAsking(false);
      },
    });
  return (
    <Page crumbs={[{ text: functions.title, href: "/functions" }]} contentType="table">
      <ResourceTable
        id="functions"
        variant="full-page"
        headingTag="h1"
        title={functions.title}
        description={functions.description}
        items={query.data ?? []}
        isLoading={query.isPending}
        columns={columns}
        visible={["name", "description", "runtime", "codeSize", "state", "modified"]}
        sortedBy="modified"
        isDescending
        trackBy={nameOf}
        textOf={(item) => [item.FunctionName, item.Description, item.Runtime].join(" ")}
        filterPlaceholder={functions.filter}
        empty={functions.empty}
        emptyHelp={functions.emptyHelp}
        emptyAction={<RouteButton to="/functions/create">{functions.create}</RouteButton>}
        notice={
          query.isError && (
            <FailureAlert error={query.error} header={functions.failed} onRetry={() => void query.refetch()} />
          )
        }
        selection={{ type: "multi", selected, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              iconName="refresh"
              ariaLabel={app.refresh}
              loading={query.isFetching}
              onClick={() => void query.refetch()}
            />
            <Button disabled={selected.length === 0} onClick={() => setIsAsking(true)}>
              {app.delete}
            </Button>
            <RouteButton variant="primary" to="/functions/create">
              {functions.create}
            </RouteButton>
          </SpaceBetween>
        }
      />
      {isAsking && (
        <DeleteModal
          what={functions.deleteWhat(names)}
          isBusy={deletion.isPending}
          error={deletion.error}
          onDelete={remove}
          onDismiss={() => {
            deletion.reset();
            setIsAsking(false);
          }}
        >
          {functions.deleteWarning}
        </DeleteModal>
      )}
    </Page>
  );
}

function useColumns(): readonly Column<FunctionConfiguration>[] {
  const { functions, app } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = functions.columns;
    const column = (
      id: keyof typeof words,
      sortingField: keyof FunctionConfiguration,
      cell: (item: FunctionConfiguration) => React.ReactNode,
    ): Column<FunctionConfiguration> => ({ id, name: words[id], header: words[id], sortingField, cell });
    return [
      {
        ...column("name", "FunctionName", (item) => (
          <RouteLink to={`/functions/${encodeURIComponent(nameOf(item))}`}>{item.FunctionName}</RouteLink>
        )),
        isRowHeader: true,
      },
      column("description", "Description", (item) => item.Description || "–"),
      column("packageType", "PackageType", (item) => item.PackageType),
      column("runtime", "Runtime", (item) => item.Runtime),
      column("memory", "MemorySize", (item) => `${format.number(item.MemorySize)} ${app.units.mb}`),
      column("timeout", "Timeout", (item) => `${format.number(item.Timeout)} ${app.units.seconds}`),
      column("codeSize", "CodeSize", (item) => format.bytes(item.CodeSize)),
      column("state", "State", (item) => <FunctionState configuration={item} />),
      column("modified", "LastModified", (item) => (
        <span title={item.LastModified && format.time(new Date(item.LastModified))}>
          {format.ago(item.LastModified ? new Date(item.LastModified) : undefined)}
        </span>
      )),
    ];
  }, [functions, app, format]);
}

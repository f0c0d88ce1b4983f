// The list of functions: find, open, create, delete.
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { functionsQuery, MOST_TAGGED, allTagsQuery, useDeleteFunctions } from "../../api/functions";
import { useNotices } from "../../app/notices";
import { Page } from "../../app/page";
import { DeleteModal } from "../../components/delete-modal";
import { FailureAlert } from "../../components/failure-alert";
import { ResourceTable } from "../../components/resource-table";
import { RouteButton } from "../../components/route-link";
import { useMessages } from "../../i18n/language";
import { nameOf, useColumns } from "./columns";
import { textOf } from "./filter";

/** The page. */
export default function FunctionsPage() {
  const { app, functions } = useMessages();
  const query = useQuery({ ...functionsQuery, refetchInterval: 10_000 });
  const items = query.data ?? [];
  const tags = useTags(items);
  const columns = useColumns();
  const [selected, setSelected] = useState<readonly FunctionConfiguration[]>([]);
  const [isAsking, setIsAsking] = useState(false);
  const [isRefreshing, setIsRefreshing] = useState(false);
  const refresh = () => {
    setIsRefreshing(true);
    void query.refetch().finally(() => setIsRefreshing(false));
  };
  // A newcomer is led to the blueprints.
  const create = query.isSuccess && items.length === 0 ? "/functions/create?way=blueprint" : "/functions/create";
  const chosen = items.filter((item) => selected.some((other) => nameOf(other) === nameOf(item)));
  return (
    <Page crumbs={[{ text: functions.title, href: "/functions" }]} contentType="table">
      <ResourceTable
        id="functions"
        variant="full-page"
        headingTag="h1"
        title={functions.title}
        description={functions.description}
        items={items}
        isLoading={query.isPending}
        columns={columns}
        visible={["name", "description", "runtime", "state", "modified"]}
        sortedBy="modified"
        isDescending
        trackBy={nameOf}
        textOf={(item) => textOf(item, tags.data?.get(item.FunctionArn ?? ""))}
        filterParameter="filter"
        filterPlaceholder={functions.filter}
        empty={functions.empty}
        emptyHelp={functions.emptyHelp}
        emptyAction={<RouteButton to={create}>{functions.create}</RouteButton>}
        notice={
          <SpaceBetween size="xs">
            {query.isError && (
              <FailureAlert error={query.error} header={functions.failed} onRetry={() => void query.refetch()} />
            )}
            {tags.isError && (
              <FailureAlert error={tags.error} header={functions.tagsFailed} onRetry={() => void tags.refetch()} />
            )}
          </SpaceBetween>
        }
        selection={{ type: "multi", selected: chosen, onChange: setSelected }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={app.refresh} loading={isRefreshing} onClick={refresh} />
            <Button disabled={chosen.length === 0} onClick={() => setIsAsking(true)}>
              {app.delete}
            </Button>
            <RouteButton variant="primary" to={create}>
              {functions.create}
            </RouteButton>
          </SpaceBetween>
        }
      />
      {isAsking && <Deletion names={chosen.map(nameOf)} onDone={() => setIsAsking(false)} />}
    </Page>
  );
}

/** The tags of the functions, once a filter is typed that they may answer to. */
function useTags(items: readonly FunctionConfiguration[]) {
  const [search] = useSearchParams();
  const arns = items.map((item) => item.FunctionArn ?? "").sort();
  return useQuery({
    ...allTagsQuery(arns),
    enabled: Boolean(search.get("filter")) && arns.length > 0 && arns.length <= MOST_TAGGED,
    placeholderData: keepPreviousData,
  });
}

function Deletion({ names: given, onDone }: { names: readonly string[]; onDone: () => void }) {
  const { functions } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteFunctions();
  // What was asked for: the selection behind may shrink while it is being deleted.
  const [names] = useState(given);
  const remove = () =>
    deletion.mutate(names, {
      onSuccess: ({ deleted, refused }) => {
        notices.success(functions.deleted(deleted));
        const [first] = refused;
        if (first) notices.failure(functions.notDeleted(refused.map(({ name }) => name)), first.error);
        onDone();
      },
    });
  return (
    <DeleteModal
      what={functions.deleteWhat(names)}
      isBusy={deletion.isPending}
      error={deletion.error}
      onDelete={remove}
      onDismiss={onDone}
    >
      {functions.deleteWarning}
      {names.length > 1 && (
        <ul>
          {names.slice(0, MOST_NAMED).map((name) => (
            <li key={name}>{name}</li>
          ))}
          {names.length > MOST_NAMED && <li>{functions.more(names.length - MOST_NAMED)}</li>}
        </ul>
      )}
    </DeleteModal>
  );
}

const MOST_NAMED = 20;

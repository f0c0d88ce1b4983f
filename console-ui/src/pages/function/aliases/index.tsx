// The Aliases tab: list, open, create, edit, delete.
import Button from "@cloudscape-design/components/button";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AliasConfiguration } from "@aws-sdk/client-lambda";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { aliasesQuery, routesOf, useDeleteAlias } from "../../../api/aliases";
import { useNotices } from "../../../app/notices";
import { DeleteModal } from "../../../components/delete-modal";
import { FailureAlert } from "../../../components/failure-alert";
import { ResourceTable, type Column } from "../../../components/resource-table";
import { RouteLink } from "../../../components/route-link";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { AliasModal } from "./alias-modal";

const nameOf = (item: AliasConfiguration) => item.Name ?? "";

/** The page. */
export default function Aliases() {
  const { app, functionAliases } = useMessages();
  const { name, qualifier } = useFunction();
  const navigate = useNavigate();
  const aliases = useQuery(aliasesQuery(name));
  const columns = useColumns(name);
  const [chosen, setChosen] = useState<string>();
  const [isDeleting, setIsDeleting] = useState(false);
  // An alias that was deleted elsewhere is not selected any longer.
  const selected = (aliases.data ?? []).filter((item) => item.Name === chosen);
  const [alias] = selected;
  const asked = useAsked(aliases.data);
  return (
    <>
      <ResourceTable
        id="aliases"
        title={functionAliases.title}
        description={functionAliases.description}
        items={aliases.data ?? []}
        isLoading={aliases.isPending}
        columns={columns}
        visible={["name", "versions", "description", "arn"]}
        sortedBy="name"
        trackBy={nameOf}
        textOf={(item) => [item.Name, item.Description, ...routesOf(item).map(({ version }) => version)].join(" ")}
        filterPlaceholder={functionAliases.filter}
        empty={functionAliases.empty}
        emptyHelp={functionAliases.emptyHelp}
        emptyAction={<Button onClick={asked.create}>{functionAliases.create}</Button>}
        notice={
          aliases.isError && (
            <FailureAlert error={aliases.error} header={functionAliases.failed} onRetry={() => void aliases.refetch()} />
          )
        }
        selection={{ type: "single", selected, onChange: ([item]) => setChosen(item?.Name) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={app.refresh} loading={aliases.isFetching} onClick={() => void aliases.refetch()} />
            <Button disabled={!alias} onClick={() => alias && asked.edit(nameOf(alias))}>
              {app.edit}
            </Button>
            <Button disabled={!alias} onClick={() => setIsDeleting(true)}>
              {app.delete}
            </Button>
            <Button variant="primary" onClick={asked.create}>
              {functionAliases.create}
            </Button>
          </SpaceBetween>
        }
      />
      {asked.isOpen && (
        <AliasModal
          key={asked.edited?.Name ?? ""}
          name={name}
          alias={asked.edited}
          version={asked.version}
          names={(aliases.data ?? []).map(nameOf)}
          onDismiss={asked.leave}
        />
      )}
      {isDeleting && alias && (
        <Deletion
          name={name}
          alias={nameOf(alias)}
          onDone={() => {
            setChosen(undefined);
            setIsDeleting(false);
            if (qualifier === nameOf(alias)) void navigate(`/functions/${encodeURIComponent(name)}/aliases`, { replace: true });
          }}
          onDismiss={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}

/** What the address asks for: `?create=1&version=3` or `?edit=NAME`. */
function useAsked(aliases: readonly AliasConfiguration[] | undefined) {
  const [search, setSearch] = useSearchParams();
  const put = (change: (search: URLSearchParams) => void, replace = false) =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before);
        ["create", "version", "edit"].forEach((one) => next.delete(one));
        change(next);
        return next;
      },
      { replace },
    );
  // An alias that is deleted elsewhere while its dialog is open stays there: saving it says that it is gone.
  const [kept, setKept] = useState<AliasConfiguration>();
  const found = aliases?.find((alias) => alias.Name === search.get("edit"));
  if (found && found !== kept) setKept(found);
  const edited = found ?? (kept?.Name === search.get("edit") ? kept : undefined);
  return {
    isOpen: search.has("create") || edited !== undefined,
    edited,
    version: search.get("version") ?? "",
    create: () => put((search) => search.set("create", "1")),
    edit: (alias: string) => put((search) => search.set("edit", alias)),
    leave: () => put(() => undefined, true),
  };
}

function Deletion({ name, alias, onDone, onDismiss }: { name: string; alias: string; onDone: () => void; onDismiss: () => void }) {
  const { functionAliases } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteAlias(name);
  const remove = () =>
    deletion.mutate(alias, {
      onSuccess: () => {
        notices.success(functionAliases.deleted(alias));
        onDone();
      },
    });
  return (
    <DeleteModal
      what={functionAliases.deleteWhat(alias)}
      isBusy={deletion.isPending}
      error={deletion.error}
      onDelete={remove}
      onDismiss={onDismiss}
    >
      {functionAliases.deleteWarning}
    </DeleteModal>
  );
}

function useColumns(name: string): readonly Column<AliasConfiguration>[] {
  const { app, functionAliases } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = functionAliases.columns;
    const base = `/functions/${encodeURIComponent(name)}/code?qualifier=`;
    const column = (id: keyof typeof words, cell: (item: AliasConfiguration) => React.ReactNode): Column<AliasConfiguration> => ({
      id,
      name: words[id],
      header: words[id],
      cell,
    });
    return [
      {
        ...column("name", (item) => (
          <span title={item.Name}>
            <RouteLink to={base + nameOf(item)}>{item.Name}</RouteLink>
          </span>
        )),
        sortingField: "Name",
        isRowHeader: true,
        maxWidth: 300,
      },
      column("versions", (item) => {
        const routes = routesOf(item);
        return (
          <>
            {routes.map(({ version, percent }, index) => (
              <Fragment key={version}>
                {index > 0 && ", "}
                <RouteLink to={base + version}>
                  {routes.length === 1 ? version : functionAliases.route(version, format.percent(percent / 100))}
                </RouteLink>
              </Fragment>
            ))}
          </>
        );
      }),
      {
        ...column("description", (item) => <span title={item.Description}>{item.Description || "–"}</span>),
        sortingField: "Description",
        maxWidth: 300,
      },
      column("arn", (item) => (
        <CopyToClipboard
          variant="icon"
          textToCopy={item.AliasArn ?? ""}
          copyButtonAriaLabel={functionAliases.copyArn(nameOf(item))}
          copySuccessText={app.copied}
          copyErrorText={app.copyFailed}
        />
      )),
    ];
  }, [name, app, functionAliases, format]);
}

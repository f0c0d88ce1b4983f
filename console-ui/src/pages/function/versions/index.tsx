// The Versions tab: list, open, publish, delete.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AliasConfiguration, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useQuery } from "@tanstack/react-query";
import { Fragment, useMemo, useState } from "react";
import { useNavigate, useSearchParams } from "react-router";
import { aliasesQuery, routesOf } from "../../../api/aliases";
import { LATEST, useDeleteVersion, versionNumber, versionsQuery } from "../../../api/versions";
import { useNotices } from "../../../app/notices";
import { DeleteModal } from "../../../components/delete-modal";
import { FailureAlert } from "../../../components/failure-alert";
import { ResourceTable, type Column } from "../../../components/resource-table";
import { RouteLink } from "../../../components/route-link";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { PublishModal } from "./publish-modal";

const versionOf = (item: FunctionConfiguration) => item.Version ?? "";
const byNumber = (a: FunctionConfiguration, b: FunctionConfiguration) =>
  a.Version === b.Version ? 0 : versionNumber(a.Version) - versionNumber(b.Version);
const NO_ALIASES: readonly AliasConfiguration[] = [];

/** The page. */
export default function Versions() {
  const { app, functionVersions } = useMessages();
  const { name, qualifier } = useFunction();
  const navigate = useNavigate();
  const [search, setSearch] = useSearchParams();
  const versions = useQuery(versionsQuery(name));
  const aliases = useQuery(aliasesQuery(name));
  const columns = useColumns(name, aliases.data ?? NO_ALIASES);
  const [chosen, setChosen] = useState<string>();
  const [isDeleting, setIsDeleting] = useState(false);
  // A version that was deleted elsewhere is not selected any longer.
  const selected = (versions.data ?? []).filter((item) => item.Version === chosen);
  const version = selected[0] && versionOf(selected[0]);
  const isPublished = version !== undefined && version !== LATEST;
  const ask = (isAsking: boolean) =>
    setSearch(
      (search) => {
        const next = new URLSearchParams(search);
        if (isAsking) next.set("publish", "1");
        else next.delete("publish");
        return next;
      },
      { replace: !isAsking },
    );
  return (
    <>
      <ResourceTable
        id="versions"
        title={functionVersions.title}
        description={functionVersions.description}
        items={versions.data ?? []}
        isLoading={versions.isPending}
        columns={columns}
        visible={["version", "aliases", "description", "modified", "codeSize"]}
        sortedBy="version"
        isDescending
        trackBy={versionOf}
        textOf={(item) => [item.Version, item.Description].join(" ")}
        filterPlaceholder={functionVersions.filter}
        empty={functionVersions.empty}
        notice={
          versions.isError && (
            <FailureAlert error={versions.error} header={functionVersions.failed} onRetry={() => void versions.refetch()} />
          )
        }
        selection={{ type: "single", selected, onChange: ([item]) => setChosen(item && versionOf(item)) }}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button iconName="refresh" ariaLabel={app.refresh} loading={versions.isFetching} onClick={() => void versions.refetch()} />
            <Button disabled={!isPublished} onClick={() => setIsDeleting(true)}>
              {app.delete}
            </Button>
            <Button variant="primary" onClick={() => ask(true)}>
              {functionVersions.publish}
            </Button>
          </SpaceBetween>
        }
      />
      {search.has("publish") && <PublishModal name={name} versions={versions.data} onDismiss={() => ask(false)} />}
      {isDeleting && isPublished && (
        <Deletion
          name={name}
          version={version}
          onDone={() => {
            setChosen(undefined);
            setIsDeleting(false);
            if (qualifier === version) void navigate(`/functions/${encodeURIComponent(name)}/versions`, { replace: true });
          }}
          onDismiss={() => setIsDeleting(false)}
        />
      )}
    </>
  );
}

function Deletion({ name, version, onDone, onDismiss }: { name: string; version: string; onDone: () => void; onDismiss: () => void }) {
  const { functionVersions } = useMessages();
  const notices = useNotices();
  const deletion = useDeleteVersion(name);
  const remove = () =>
    deletion.mutate(version, {
      onSuccess: () => {
        notices.success(functionVersions.deleted(version));
        onDone();
      },
    });
  return (
    <DeleteModal
      what={functionVersions.deleteWhat(version)}
      isBusy={deletion.isPending}
      error={deletion.error}
      onDelete={remove}
      onDismiss={onDismiss}
    >
      {functionVersions.deleteWarning}
    </DeleteModal>
  );
}

function useColumns(name: string, aliases: readonly AliasConfiguration[]): readonly Column<FunctionConfiguration>[] {
  const { functionVersions } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = functionVersions.columns;
    const base = `/functions/${encodeURIComponent(name)}`;
    const named = (version: string) => aliases.filter((alias) => routesOf(alias).some((route) => route.version === version));
    const column = (id: keyof typeof words, cell: (item: FunctionConfiguration) => React.ReactNode): Column<FunctionConfiguration> => ({
      id,
      name: words[id],
      header: words[id],
      cell,
    });
    return [
      {
        ...column("version", (item) => (
          <>
            <RouteLink to={item.Version === LATEST ? `${base}/code` : `${base}/code?qualifier=${versionOf(item)}`}>{item.Version}</RouteLink>
            {item.Version === LATEST && (
              <Box variant="span" color="text-body-secondary" margin={{ left: "xs" }}>
                {functionVersions.latestNote}
              </Box>
            )}
          </>
        )),
        isRowHeader: true,
        sortingComparator: byNumber,
      },
      {
        ...column("aliases", (item) => {
          const found = named(versionOf(item)).map(({ Name = "" }) => Name);
          if (found.length === 0) return "–";
          return (
            <span title={found.join(", ")}>
              {found.map((alias, index) => (
                <Fragment key={alias}>
                  {index > 0 && ", "}
                  <RouteLink to={`${base}/code?qualifier=${alias}`}>{alias}</RouteLink>
                </Fragment>
              ))}
            </span>
          );
        }),
        maxWidth: 220,
      },
      {
        ...column("description", (item) => <span title={item.Description}>{item.Description || "–"}</span>),
        sortingField: "Description",
        maxWidth: 230,
      },
      {
        ...column("modified", (item) => {
          const at = item.LastModified ? new Date(item.LastModified) : undefined;
          return <span title={format.time(at)}>{format.ago(at)}</span>;
        }),
        sortingField: "LastModified",
      },
      { ...column("runtime", (item) => item.Runtime ?? "–"), sortingField: "Runtime" },
      { ...column("codeSize", (item) => format.bytes(item.CodeSize)), sortingField: "CodeSize" },
      column("sha256", (item) => item.CodeSha256 ?? "–"),
    ];
  }, [name, aliases, functionVersions, format]);
}

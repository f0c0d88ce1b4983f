// The columns of the list of functions.
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";
import { stateQuery } from "../../api/functions";
import { FunctionState } from "../../components/function-state";
import type { Column } from "../../components/resource-table";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** A function's name. */
export const nameOf = (item: FunctionConfiguration) => item.FunctionName ?? "";

/** The columns. */
export function useColumns(): readonly Column<FunctionConfiguration>[] {
  const { functions, app } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const words = functions.columns;
    const column = (
      id: keyof typeof words,
      sortingField: keyof FunctionConfiguration,
      cell: (item: FunctionConfiguration) => ReactNode,
      more: Partial<Column<FunctionConfiguration>> = {},
    ): Column<FunctionConfiguration> => ({ id, name: words[id], header: words[id], sortingField, cell, ...more });
    return [
      column(
        "name",
        "FunctionName",
        (item) => (
          <span title={item.FunctionName}>
            <RouteLink to={`/functions/${encodeURIComponent(nameOf(item))}`}>{item.FunctionName}</RouteLink>
          </span>
        ),
        { isRowHeader: true, maxWidth: 300 },
      ),
      column("description", "Description", (item) => <span title={item.Description}>{item.Description || "–"}</span>, {
        maxWidth: 260,
      }),
      column("packageType", "PackageType", (item) => item.PackageType),
      column("runtime", "Runtime", (item) => item.Runtime),
      column("memory", "MemorySize", (item) => `${format.number(item.MemorySize)} ${app.units.mb}`),
      column("timeout", "Timeout", (item) => `${format.number(item.Timeout)} ${app.units.seconds}`),
      column("codeSize", "CodeSize", (item) => format.bytes(item.CodeSize)),
      { id: "state", name: words.state, header: words.state, cell: (item) => <State item={item} /> },
      column("modified", "LastModified", (item) => (
        <span title={item.LastModified && format.time(new Date(item.LastModified))}>
          {format.ago(item.LastModified ? new Date(item.LastModified) : undefined)}
        </span>
      )),
    ];
  }, [functions, app, format]);
}

/** Each row that is shown asks for its own. */
function State({ item }: { item: FunctionConfiguration }) {
  const { app } = useMessages();
  const { data, isPending } = useQuery(stateQuery(nameOf(item), item.RevisionId));
  if (data) return <FunctionState configuration={data} />;
  return isPending ? <StatusIndicator type="loading">{app.loading}</StatusIndicator> : "–";
}

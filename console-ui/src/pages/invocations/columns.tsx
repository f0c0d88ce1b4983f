// The columns of the table of invocations.
import type { TableProps } from "@cloudscape-design/components/table";
import { useMemo, type ReactNode } from "react";
import type { InvocationSummary } from "../../api/invocations";
import { InvocationStatusIndicator } from "../../components/invocation/status";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { startInWords } from "../../invocation/start";

/** The columns. */
export function useColumns(): ReadonlyArray<TableProps.ColumnDefinition<InvocationSummary>> {
  const { invocations, starts } = useMessages();
  const format = useFormat();
  return useMemo(() => {
    const column = (id: string, header: string, cell: (item: InvocationSummary) => ReactNode) => ({ id, header, cell });
    return [
      {
        ...column("requestId", invocations.requestId, ({ requestId }) => (
          <RouteLink to={`/invocations/${requestId}`}>
            <span title={requestId}>{requestId.slice(0, 13)}…</span>
          </RouteLink>
        )),
        isRowHeader: true,
      },
      {
        ...column("function", invocations.function, (item) => (
          <RouteLink to={`/functions/${encodeURIComponent(item.function)}/monitor`}>
            <span title={item.function}>{item.qualifier ? `${item.function}:${item.qualifier}` : item.function}</span>
          </RouteLink>
        )),
        maxWidth: 220,
      },
      column("status", invocations.status, ({ status, errorType, errorMessage }) => (
        <span title={errorType ? `${errorType}: ${errorMessage ?? ""}` : undefined}>
          <InvocationStatusIndicator status={status} />
        </span>
      )),
      column("started", invocations.started, ({ startedAt }) => <span title={format.instant(startedAt)}>{format.time(startedAt)}</span>),
      column("duration", invocations.duration, ({ durationMs }) => format.duration(durationMs)),
      column("memory", invocations.memory, ({ maxMemoryUsedMb, memorySizeMb }) =>
        invocations.memoryOf(format.number(maxMemoryUsedMb), format.number(memorySizeMb)),
      ),
      column("cold", invocations.cold, (item) => startInWords(item, starts) ?? "–"),
      column("gbSeconds", invocations.gbSeconds, ({ gbSeconds }) => format.number(gbSeconds, 6)),
      column("type", invocations.type, ({ invocationType }) => invocationType),
      column("attempts", invocations.attempts, ({ attempts }) => format.number(attempts)),
    ];
  }, [invocations, starts, format]);
}

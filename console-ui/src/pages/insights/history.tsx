// The queries that ran before, to open again.
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Table from "@cloudscape-design/components/table";
import type { QueryInfo } from "@aws-sdk/client-cloudwatch-logs";
import { useQuery } from "@tanstack/react-query";
import { historyQuery } from "../../api/insights";
import { FailureAlert } from "../../components/failure-alert";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import "./insights.css";

/** A run to open. */
export interface Opened {
  readonly id: string;
  readonly query: string;
  readonly group: string | undefined;
}

/** The dialog. */
export function History({ onOpen, onDismiss }: { onOpen: (opened: Opened) => void; onDismiss: () => void }) {
  const { app, insights } = useMessages();
  const format = useFormat();
  const history = useQuery(historyQuery);
  const open = ({ queryId = "", queryString = "", logGroupName }: QueryInfo) =>
    onOpen({ id: queryId, query: queryString, group: logGroupName });
  return (
    <Modal visible size="large" header={insights.history} closeAriaLabel={app.close} onDismiss={onDismiss}>
      <SpaceBetween size="s">
        <FailureAlert error={history.error} header={insights.historyFailed} onRetry={() => void history.refetch()} />
        <Table<QueryInfo>
          variant="embedded"
          wrapLines
          loading={history.isPending}
          loadingText={app.loading}
          items={history.data ?? []}
          trackBy="queryId"
          empty={insights.historyEmpty}
          columnDefinitions={[
            { id: "time", header: insights.historyTime, minWidth: 130, cell: ({ createTime }) => format.time(createTime) },
            {
              id: "query",
              header: insights.query,
              isRowHeader: true,
              minWidth: 260,
              cell: ({ queryString }) => <code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{queryString}</code>,
            },
            { id: "group", header: insights.historyGroup, minWidth: 140, cell: ({ logGroupName }) => logGroupName ?? "–" },
            { id: "status", header: insights.historyStatus, minWidth: 100, cell: ({ status = "" }) => insights.statuses[status] ?? status },
            {
              id: "open",
              header: insights.historyOpen,
              cell: (item) => (
                <Button variant="inline-link" wrapText={false} onClick={() => open(item)}>
                  {insights.historyOpen}
                </Button>
              ),
            },
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}

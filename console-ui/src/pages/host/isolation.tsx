// How functions are shut in: what is in force, and what is not.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { Restriction } from "../../api/host";
import { ResourceTable, type Column } from "../../components/resource-table";
import { useMessages } from "../../i18n/language";

/** The table. */
export function Isolation({ restrictions }: { restrictions: readonly Restriction[] }) {
  const { host } = useMessages();
  const known: Readonly<Record<string, { name: string; meaning: string; remedy: string }>> = host.restrictions;
  const words = host.restriction;
  const missing = restrictions.filter(({ inForce }) => !inForce).length;
  const column = (id: keyof typeof words, cell: (item: Restriction) => ReactNode): Column<Restriction> => ({
    id,
    name: words[id],
    header: words[id],
    cell,
  });
  const text = (content: ReactNode) => <div style={{ minInlineSize: 220, whiteSpace: "normal" }}>{content}</div>;
  return (
    <ResourceTable
      id="isolation"
      title={host.isolation}
      description={host.isolationHelp}
      items={restrictions}
      trackBy={({ name }) => name}
      sortedBy="none"
      pageSize={50}
      empty="–"
      notice={
        missing === 0 ? (
          <Alert type="success">{host.isolationWhole}</Alert>
        ) : (
          <Alert type="info">{host.isolationMissing(missing, restrictions.length)}</Alert>
        )
      }
      columns={[
        { ...column("name", ({ name }) => known[name]?.name ?? name), isRowHeader: true },
        column("state", ({ inForce }) => (
          <StatusIndicator type={inForce ? "success" : "warning"}>{inForce ? host.inForce : host.notInForce}</StatusIndicator>
        )),
        column("meaning", ({ name, inForce }) =>
          text(
            <>
              {known[name]?.meaning ?? "–"}
              {!inForce && <Box fontWeight="bold">{known[name]?.remedy}</Box>}
            </>,
          ),
        ),
        column("detail", ({ detail }) => text(detail)),
      ]}
    />
  );
}

// How the last sandboxes ended, why, and what to do about it.
import Popover from "@cloudscape-design/components/popover";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { Ending } from "../../api/sandboxes";
import { ResourceTable, type Column } from "../../components/resource-table";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { FunctionName } from "./function-name";
import { useExplanation } from "./reasons";
import { shortened, spent } from "./spans";

/** Endings that nobody wanted. */
const FAILURES: ReadonlySet<string> = new Set(["crashed", "timed-out", "out-of-memory", "init-failed", "start-failed"]);

/** The table. */
export function Endings({ endings, now }: { endings: readonly Ending[]; now: number }) {
  const { sandboxes } = useMessages();
  const explain = useExplanation();
  return (
    <ResourceTable
      id="sandbox-endings"
      title={sandboxes.endings}
      description={sandboxes.endingsHelp}
      items={endings}
      columns={useColumns(now)}
      visible={["at", "function", "version", "reason", "uses", "age", "sandbox"]}
      sortedBy="at"
      isDescending
      trackBy={({ sandbox, at }) => `${sandbox} ${at}`}
      textOf={(item) => [item.function, item.sandbox, item.reason, explain(item.reason).name].join(" ")}
      filterPlaceholder={sandboxes.endingsFilter}
      empty={sandboxes.endingsEmpty}
      emptyHelp={sandboxes.endingsEmptyHelp}
    />
  );
}

function useColumns(now: number): readonly Column<Ending>[] {
  const { app, sandboxes } = useMessages();
  const format = useFormat();
  const explain = useExplanation();
  const words = sandboxes.ending;
  const column = (id: keyof typeof words, cell: (item: Ending) => ReactNode): Column<Ending> => ({
    id,
    name: words[id],
    header: words[id],
    cell,
  });
  return [
    { ...column("at", ({ at }) => <span title={format.time(at)}>{format.ago(at, Math.max(at, now))}</span>), sortingField: "at" },
    {
      ...column("function", (item) => <FunctionName name={item.function} region={item.region} />),
      isRowHeader: true,
      sortingField: "function",
      maxWidth: 240,
    },
    { ...column("version", ({ version }) => version), sortingField: "version" },
    {
      ...column("reason", ({ reason }) => (
        <Popover header={explain(reason).name} content={explain(reason).help} dismissAriaLabel={app.close}>
          <StatusIndicator type={FAILURES.has(reason) ? "error" : "stopped"}>{explain(reason).name}</StatusIndicator>
        </Popover>
      )),
      sortingField: "reason",
    },
    { ...column("uses", ({ uses }) => format.number(uses)), sortingField: "uses" },
    { ...column("age", ({ ageMs }) => (ageMs < 1_000 ? format.duration(ageMs) : spent(format, ageMs))), sortingField: "ageMs" },
    column("sandbox", ({ sandbox }) => <span title={sandbox}>{shortened(sandbox)}</span>),
  ];
}

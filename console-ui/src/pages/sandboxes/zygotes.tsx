// The zygotes that sandboxes are forked from.
import type { ReactNode } from "react";
import type { Zygote } from "../../api/sandboxes";
import { ResourceTable, type Column } from "../../components/resource-table";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { ageMs } from "./census";
import { spent } from "./spans";

// By the number after the dot: 3.9 comes before 3.10.
const minorOf = ({ runtime }: Zygote) => Number(runtime.split(".").at(-1));
const byVersion = (one: Zygote, other: Zygote) => minorOf(one) - minorOf(other);

/** The table. */
export function Zygotes({ zygotes, now }: { zygotes: readonly Zygote[]; now: number }) {
  const { sandboxes } = useMessages();
  const format = useFormat();
  const words = sandboxes.zygote;
  const column = (id: keyof typeof words, cell: (item: Zygote) => ReactNode): Column<Zygote> => ({
    id,
    name: words[id],
    header: words[id],
    cell,
  });
  return (
    <ResourceTable
      id="zygotes"
      title={sandboxes.zygotes}
      description={sandboxes.zygotesHelp}
      items={zygotes}
      sortedBy="runtime"
      isDescending
      trackBy={({ pid }) => String(pid)}
      empty={sandboxes.zygotesEmpty}
      emptyHelp={sandboxes.zygotesEmptyHelp}
      columns={[
        { ...column("runtime", ({ runtime }) => runtime), isRowHeader: true, sortingComparator: byVersion },
        { ...column("pid", ({ pid }) => pid), sortingField: "pid" },
        { ...column("age", ({ startedAt }) => spent(format, ageMs(startedAt, now))), sortingField: "startedAt" },
        { ...column("children", ({ children }) => format.number(children)), sortingField: "children" },
        { ...column("blanks", ({ blanks }) => format.number(blanks)), sortingField: "blanks" },
        { ...column("memory", ({ memoryBytes }) => format.bytes(memoryBytes ?? undefined)), sortingField: "memoryBytes" },
      ]}
    />
  );
}

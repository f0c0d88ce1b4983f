// The runtimes of the host, and how to add those that are missing.
import Box from "@cloudscape-design/components/box";
import ExpandableSection from "@cloudscape-design/components/expandable-section";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { HostRuntime } from "../../api/host";
import { ResourceTable, type Column } from "../../components/resource-table";
import { Snippet } from "../../components/snippet";
import { useMessages } from "../../i18n/language";
import { commandsIn } from "./snippets";

// By the number after the dot: 3.9 comes before 3.10.
const minorOf = ({ name }: HostRuntime) => Number(name.split(".").at(-1));
const byVersion = (one: HostRuntime, other: HostRuntime) => minorOf(one) - minorOf(other);

/** The table. */
export function Runtimes({ runtimes }: { runtimes: readonly HostRuntime[] }) {
  const { host } = useMessages();
  const words = host.runtime;
  const column = (id: keyof typeof words, cell: (item: HostRuntime) => ReactNode): Column<HostRuntime> => ({
    id,
    name: words[id],
    header: words[id],
    cell,
  });
  return (
    <ResourceTable
      id="runtimes"
      title={host.runtimes}
      description={host.runtimesHelp}
      items={runtimes}
      trackBy={({ name }) => name}
      sortedBy="name"
      isDescending
      empty={host.runtimesEmpty}
      emptyHelp={host.runtimesEmptyHelp}
      columns={[
        { ...column("name", ({ name }) => name), isRowHeader: true, sortingComparator: byVersion },
        column("state", ({ found }) => (
          <StatusIndicator type={found ? "success" : "stopped"}>{found ? host.found : host.missing}</StatusIndicator>
        )),
        column("version", ({ version }) => version ?? "–"),
        column("executable", (item) => (item.found ? (item.executable ?? "–") : <HowToAdd runtime={item} />)),
      ]}
    />
  );
}

function HowToAdd({ runtime }: { runtime: HostRuntime }) {
  const { host } = useMessages();
  const commands = commandsIn(runtime.howToAdd ?? "");
  return (
    <ExpandableSection variant="footer" headerText={host.howToAdd(runtime.name)}>
      <SpaceBetween size="xs">
        {commands.length > 0 && <Box>{host.howToAddOne}</Box>}
        {commands.map((command) => (
          <Snippet key={command} label={host.copyCommand(command)} text={command} />
        ))}
        <div style={{ whiteSpace: "normal" }}>{host.howToAddElse}</div>
      </SpaceBetween>
    </ExpandableSection>
  );
}

// The warm sandboxes: filter by function, look, retire.
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { useState, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useRetireSandbox, type Sandbox } from "../../api/sandboxes";
import { useNotices } from "../../app/notices";
import { ConfirmModal } from "../../components/confirm-modal";
import { ResourceTable, type Column } from "../../components/resource-table";
import { RouteButton, RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { startInWords } from "../../invocation/start";
import { ageMs, countsByFunction, idleMs, sandboxesOf } from "./census";
import { FunctionName } from "./function-name";
import { shortened, spent } from "./spans";

/** The table. */
export function SandboxTable(props: { sandboxes: readonly Sandbox[]; keepAliveSeconds: number; now: number }) {
  const { app, sandboxes } = useMessages();
  const format = useFormat();
  const [search, setSearch] = useSearchParams();
  const chosen = search.get("function") ?? undefined;
  const [selected, setSelected] = useState<string>();
  const [asked, setAsked] = useState<Sandbox>();
  const items = sandboxesOf(props.sandboxes, { id: search.get("id") ?? undefined, function: chosen });
  const one = items.find(({ id }) => id === selected);
  const stay = format.duration(props.keepAliveSeconds * 1_000);
  const choose = (name: string | undefined) => setSearch(name === undefined ? {} : { function: name });
  return (
    <>
      <ResourceTable
        id="sandboxes"
        title={sandboxes.list}
        items={items}
        columns={useColumns(props.now)}
        visible={["id", "function", "state", "age", "idle", "uses", "memory", "cold", "request"]}
        sortedBy="age"
        trackBy={({ id }) => id}
        textOf={(item) => [item.id, item.function, item.runtime, sandboxes.states[item.state], item.requestId].join(" ")}
        filterPlaceholder={sandboxes.filter}
        empty={chosen === undefined ? sandboxes.empty : sandboxes.emptyOf(chosen)}
        emptyHelp={sandboxes.emptyHelp(stay)}
        emptyAction={
          chosen === undefined ? (
            <RouteButton to="/functions">{sandboxes.openFunctions}</RouteButton>
          ) : (
            <Button onClick={() => choose(undefined)}>{app.clearFilter}</Button>
          )
        }
        notice={<FunctionFilter sandboxes={props.sandboxes} chosen={chosen} onChoose={choose} />}
        selection={{ type: "single", selected: one ? [one] : [], onChange: ([item]) => setSelected(item?.id) }}
        actions={
          <Button disabled={!one} onClick={() => setAsked(one)}>
            {sandboxes.retire}
          </Button>
        }
      />
      {asked && <Retirement sandbox={asked} onClose={() => setAsked(undefined)} />}
    </>
  );
}

function FunctionFilter(props: {
  sandboxes: readonly Sandbox[];
  chosen: string | undefined;
  onChoose: (name: string | undefined) => void;
}) {
  const { sandboxes } = useMessages();
  const all = { value: "", label: sandboxes.allFunctions };
  const options = countsByFunction(props.sandboxes).map(([value, count]) => ({
    value,
    label: sandboxes.functionOption(value, count),
  }));
  const { chosen } = props;
  const selected = options.find(({ value }) => value === chosen) ?? (chosen === undefined ? all : { value: chosen, label: chosen });
  return (
    <FormField label={sandboxes.functionFilter}>
      <Select
        options={[all, ...options]}
        selectedOption={selected}
        filteringType={options.length > 10 ? "auto" : "none"}
        onChange={({ detail }) => props.onChoose(detail.selectedOption.value || undefined)}
      />
    </FormField>
  );
}

function Retirement({ sandbox, onClose }: { sandbox: Sandbox; onClose: () => void }) {
  const { sandboxes } = useMessages();
  const notices = useNotices();
  const retirement = useRetireSandbox();
  const retire = () =>
    retirement.mutate(sandbox.id, {
      onSuccess: () => {
        notices.success(sandboxes.retired(sandbox.id));
        onClose();
      },
    });
  const help = sandbox.state === "idle" ? sandboxes.retireIdle : sandboxes.retireBusy;
  return (
    <ConfirmModal
      title={sandboxes.retireTitle}
      label={sandboxes.retire}
      isBusy={retirement.isPending}
      error={retirement.error}
      onConfirm={retire}
      onDismiss={onClose}
    >
      {help(sandbox.function)}
    </ConfirmModal>
  );
}

// The table knows a column's order by its comparator, which must stay the same function.
const byAge = (one: Sandbox, other: Sandbox) => other.startedAt - one.startedAt;
const idleSince = ({ state, lastUsedAt }: Sandbox) => (state === "idle" ? lastUsedAt : Infinity);
const byIdleness = (one: Sandbox, other: Sandbox) => Math.sign(idleSince(other) - idleSince(one)) || 0;
const byMemory = (one: Sandbox, other: Sandbox) => (one.memoryBytes ?? -1) - (other.memoryBytes ?? -1);

const INDICATORS = { starting: "pending", busy: "loading", idle: "success" } as const;

function useColumns(now: number): readonly Column<Sandbox>[] {
  const { sandboxes, starts } = useMessages();
  const format = useFormat();
  const words = sandboxes.columns;
  const column = (id: keyof typeof words, cell: (item: Sandbox) => ReactNode): Column<Sandbox> => ({
    id,
    name: words[id],
    header: words[id],
    cell,
  });
  return [
    { ...column("id", ({ id }) => <span title={id}>{shortened(id)}</span>), isRowHeader: true, sortingField: "id" },
    {
      ...column("function", (item) => <FunctionName name={item.function} region={item.region} />),
      sortingField: "function",
      maxWidth: 240,
    },
    { ...column("version", ({ version }) => version), sortingField: "version" },
    { ...column("runtime", ({ runtime }) => runtime), sortingField: "runtime" },
    {
      ...column("state", ({ state }) => (
        <StatusIndicator type={INDICATORS[state]}>{sandboxes.states[state]}</StatusIndicator>
      )),
      sortingField: "state",
    },
    {
      ...column("age", ({ startedAt }) => <span title={format.time(startedAt)}>{spent(format, ageMs(startedAt, now))}</span>),
      sortingComparator: byAge,
    },
    { ...column("idle", (item) => spent(format, idleMs(item, now))), sortingComparator: byIdleness },
    { ...column("uses", ({ uses }) => format.number(uses)), sortingField: "uses" },
    { ...column("memory", (item) => <Memory sandbox={item} />), sortingComparator: byMemory },
    { ...column("cold", (item) => startInWords(item, starts) ?? "–"), sortingField: "coldStartReason" },
    column("request", ({ requestId }) =>
      requestId ? (
        <RouteLink to={`/invocations/${encodeURIComponent(requestId)}`}>
          <span title={requestId}>{shortened(requestId)}</span>
        </RouteLink>
      ) : (
        "–"
      ),
    ),
  ];
}

function Memory({ sandbox }: { sandbox: Sandbox }) {
  const { sandboxes } = useMessages();
  const format = useFormat();
  const limit = sandbox.memorySizeMb * 1024 * 1024;
  const now = sandbox.memoryBytes;
  if (now === null) return sandboxes.memoryOf(sandboxes.memoryUnknown, format.bytes(limit));
  const text = sandboxes.memoryOf(format.bytes(now), format.bytes(limit));
  if (now < limit * 0.9) return text;
  return <StatusIndicator type="warning">{text}</StatusIndicator>;
}

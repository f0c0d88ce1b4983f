// An invocation at a glance.
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { Invocation } from "../../api/invocation";
import { InvocationStatusIndicator } from "../../components/invocation/status";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import type { Start } from "../../invocation/start";

/** The summary; of several runs, the last one's figures. */
export function Summary({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  const format = useFormat();
  const last = record.runs.at(-1);
  const queue = last?.phases.find(({ name }) => name === "queue");
  const target = record.qualifier ?? record.version;
  const route = `/functions/${encodeURIComponent(record.function)}/code`;
  return (
    <Container header={<Header variant="h2">{invocation.summary}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: invocation.status, value: <InvocationStatusIndicator status={record.status} /> },
          {
            label: invocation.function,
            value: (
              <>
                <RouteLink to={target === "$LATEST" ? route : `${route}?qualifier=${encodeURIComponent(target)}`}>
                  {record.qualifier ? `${record.function}:${record.qualifier}` : record.function}
                </RouteLink>{" "}
                {record.version}
              </>
            ),
          },
          { label: invocation.type, value: invocation.types[record.invocationType] },
          { label: invocation.started, value: format.instant(record.startedAt) },
          { label: invocation.duration, value: format.duration(record.durationMs) },
          { label: invocation.billed, value: format.duration(record.billedDurationMs) },
          { label: invocation.cost, value: invocation.costValue(format.number(record.gbSeconds, 6)) },
          { label: invocation.ended, value: format.instant(record.endedAt) },
          { label: invocation.memory, value: <Memory used={record.maxMemoryUsedMb} size={record.memorySizeMb} /> },
          { label: invocation.cold, value: <StartOf call={record} /> },
          { label: invocation.init, value: format.duration(record.initDurationMs ?? undefined) },
          { label: invocation.queue, value: format.duration(queue?.durationMs) },
          { label: invocation.attempts, value: format.number(record.attempts) },
          {
            label: invocation.sandbox,
            value: last?.sandbox ? <RouteLink to={`/sandboxes?id=${encodeURIComponent(last.sandbox)}`}>{last.sandbox}</RouteLink> : "–",
          },
        ]}
      />
    </Container>
  );
}

function Memory({ used, size }: { used: number; size: number }) {
  const { invocation } = useMessages();
  const format = useFormat();
  return invocation.memoryValue(format.number(used), format.number(size), format.percent(size > 0 ? used / size : undefined));
}

/** Why a sandbox was started for this call, and how it came to be, in words. */
export function StartOf({ call: { coldStartReason: reason, startPath: path } }: { call: Start }) {
  const { invocation } = useMessages();
  if (reason === null) return invocation.warm;
  return (
    <>
      <div>{invocation.reasons[reason] ?? invocation.coldOther(reason)}</div>
      {path !== null && <div>{invocation.paths[path] ?? invocation.pathOther(path)}</div>}
    </>
  );
}

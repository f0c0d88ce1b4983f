// The server and the machine under it.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { Host } from "../../api/host";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** The block. */
export function ServerFacts({ facts, now }: { facts: Host; now: number }) {
  const { host } = useMessages();
  const format = useFormat();
  return (
    <Container header={<Header variant="h2">{host.server}</Header>}>
      <SpaceBetween size="l">
        <KeyValuePairs
          columns={4}
          items={[
            { label: host.version, value: facts.version },
            {
              label: host.startedAt,
              value: (
                <>
                  {format.time(facts.startedAt)}
                  <Box color="text-body-secondary">{format.ago(facts.startedAt, Math.max(now, facts.startedAt))}</Box>
                </>
              ),
            },
            { label: host.kernel, value: facts.kernel },
            { label: host.architecture, value: facts.architecture ?? "–" },
            { label: host.cpus, value: format.number(facts.cpus) },
            { label: host.memory, value: format.bytes(facts.memoryMib * 1024 * 1024) },
            {
              label: host.dataFolder,
              value: <span style={{ overflowWrap: "anywhere" }}>{facts.dataFolder ?? host.noDataFolder}</span>,
            },
          ]}
        />
        {facts.storage && <Storage {...facts.storage} />}
      </SpaceBetween>
    </Container>
  );
}

const NEARLY_FULL = 0.9;

function Storage({ totalBytes, freeBytes }: { totalBytes: number; freeBytes: number }) {
  const { host } = useMessages();
  const format = useFormat();
  const used = totalBytes > 0 ? (totalBytes - freeBytes) / totalBytes : 0;
  return (
    <ProgressBar
      label={host.storage}
      value={used * 100}
      additionalInfo={
        <Box variant="small" color={used > NEARLY_FULL ? "text-status-error" : "inherit"}>
          {host.storageText(format.bytes(freeBytes), format.bytes(totalBytes))}
        </Box>
      }
    />
  );
}

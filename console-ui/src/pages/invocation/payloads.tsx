// What an invocation was sent and what it answered, where that is kept; else the way to keep it.
import "../../components/log-events/log-events.css";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import ColumnLayout from "@cloudscape-design/components/column-layout";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQueryClient } from "@tanstack/react-query";
import { invocationQuery, type Invocation } from "../../api/invocation";
import { useChangeRecording } from "../../api/recording";
import { useNotices } from "../../app/notices";
import { LOG_COLOURS } from "../../components/log-events/colours";
import { JsonTree } from "../../components/log-events/json-value";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

const LARGEST_KEPT = 262_144;

/** Event and response. */
export function Payloads({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  const isNothingKept = record.event === null && record.response === null && !isTooLarge(record.eventBytes) && !isTooLarge(record.responseBytes);
  return (
    <Container header={<Header variant="h2">{invocation.payloads}</Header>}>
      {isNothingKept ? (
        <NotKept record={record} />
      ) : (
        <ColumnLayout columns={2} variant="text-grid">
          <Payload name={invocation.event} copy={invocation.copyEvent} text={record.event} bytes={record.eventBytes} />
          <Payload name={invocation.response} copy={invocation.copyResponse} text={record.response} bytes={record.responseBytes} />
        </ColumnLayout>
      )}
    </Container>
  );
}

function isTooLarge(bytes: number | null): boolean {
  return bytes !== null && bytes > LARGEST_KEPT;
}

function NotKept({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  const notices = useNotices();
  const cache = useQueryClient();
  const change = useChangeRecording(record.function);
  if (record.recording.keepEvents) return <Alert type="info">{invocation.keptLater}</Alert>;
  const keep = () =>
    change.mutate(
      { ...record.recording, keepEvents: true },
      {
        onSuccess: () => {
          notices.success(invocation.keeping);
          void cache.invalidateQueries({ queryKey: invocationQuery(record.requestId).queryKey });
        },
        onError: (error) => notices.failure(invocation.keepFailed, error),
      },
    );
  return (
    <Alert
      type="info"
      header={invocation.notKept}
      action={
        <Button loading={change.isPending} onClick={keep}>
          {invocation.keep}
        </Button>
      }
    >
      {invocation.notKeptHelp}
    </Alert>
  );
}

interface PayloadProps {
  readonly name: string;
  readonly copy: string;
  readonly text: string | null;
  readonly bytes: number | null;
}

function Payload({ name, copy, text, bytes }: PayloadProps) {
  const { app, invocation } = useMessages();
  const format = useFormat();
  const size = format.bytes(bytes ?? undefined);
  return (
    <SpaceBetween size="xs">
      <SpaceBetween direction="horizontal" size="xs" alignItems="center">
        <Box variant="h3">
          {name} {bytes ? invocation.bytes(size) : ""}
        </Box>
        {text !== null && (
          <CopyToClipboard
            variant="icon"
            copyButtonAriaLabel={copy}
            textToCopy={text}
            copySuccessText={app.copied}
            copyErrorText={app.copyFailed}
          />
        )}
      </SpaceBetween>
      {text === null ? (
        <Box color="text-body-secondary">{isTooLarge(bytes) ? invocation.tooLarge(size) : invocation.noResponse}</Box>
      ) : (
        <Content text={text} />
      )}
    </SpaceBetween>
  );
}

function Content({ text }: { text: string }) {
  const value = parsed(text);
  return (
    <div className="invocation-text" style={LOG_COLOURS} tabIndex={0}>
      {typeof value === "object" && value !== null ? <JsonTree value={value} /> : text}
    </div>
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

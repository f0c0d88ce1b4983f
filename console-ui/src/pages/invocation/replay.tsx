// Invokes again with the event of an invocation, or opens it in the function's Test tab.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useNavigate } from "react-router";
import { useReplay, type Invocation } from "../../api/invocation";
import { useNotices } from "../../app/notices";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";

/** The buttons. */
export function Replay({ record }: { record: Invocation }) {
  const { invocation } = useMessages();
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const qualifier = record.qualifier ?? (record.version === "$LATEST" ? undefined : record.version);
  const test = `/functions/${encodeURIComponent(record.function)}/test${qualifier ? `?qualifier=${encodeURIComponent(qualifier)}` : ""}`;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button onClick={() => void navigate(test, { state: { event: record.event } })}>{invocation.openTest}</Button>
      <Button variant="primary" onClick={() => setIsAsking(true)}>
        {invocation.replay}
      </Button>
      {isAsking && <Ask record={record} onDismiss={() => setIsAsking(false)} />}
    </SpaceBetween>
  );
}

function Ask({ record, onDismiss }: { record: Invocation; onDismiss: () => void }) {
  const { app, invocation } = useMessages();
  const notices = useNotices();
  const navigate = useNavigate();
  const replay = useReplay();
  const isRedacted = record.event?.includes("[REDACTED]") ?? false;
  const target = record.qualifier ? `${record.function}:${record.qualifier}` : record.function;
  const run = () =>
    replay.mutate(record, {
      onSuccess: (requestId) => {
        notices.success(invocation.replayed);
        onDismiss();
        if (requestId) void navigate(`/invocations/${requestId}`);
      },
    });
  return (
    <Modal
      visible
      header={invocation.replayTitle}
      closeAriaLabel={app.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {app.cancel}
            </Button>
            <Button variant="primary" loading={replay.isPending} onClick={run}>
              {invocation.replay}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FailureAlert error={replay.error} header={invocation.replayFailed} />
        <Box>{invocation.replayHelp(target, record.invocationType)}</Box>
        {isRedacted && <Alert type="warning">{invocation.replayRedacted}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}

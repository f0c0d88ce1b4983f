// The lines of a live tail with how it stands: live or polled, how fast, held still or not.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import { FailureAlert } from "../failure-alert";
import { LogView } from "../log-events/view";
import { MOST_TAILED, type TailStatus, type TailView } from "./feed";
import { LONGEST_GAP_MS } from "./run";
import { POLL_MS, type Tail } from "./use-tail";

interface TailLinesProps {
  readonly tail: Tail;
  readonly label: string;
  readonly fileName: string;
  readonly hasStreams?: boolean;
  readonly height?: string;
  /** What to say when the group is not there. */
  readonly absent: ReactNode;
  /** True when the pattern box says what failed. */
  readonly isFailureShown: boolean;
}

/** The lines. */
export function TailLines({ tail, label, fileName, hasStreams = true, height, absent, isFailureShown }: TailLinesProps) {
  const { liveTail } = useMessages();
  const { view, feed } = tail;
  const { status } = view;
  return (
    <SpaceBetween size="s">
      {status.kind === "failed" && !isFailureShown && <FailureAlert error={status.error} header={liveTail.failed} />}
      <Notices view={view} />
      <LogView
        label={label}
        lines={view.lines}
        isLoading={status.kind === "connecting"}
        fileName={fileName}
        hasStreams={hasStreams}
        {...(height ? { height } : {})}
        empty={status.kind === "absent" ? absent : <Empty status={status} />}
        lead={<Standing view={view} />}
        actions={
          <>
            <Button
              iconName={view.isPaused ? "caret-right-filled" : "pause"}
              onClick={() => (view.isPaused ? feed.resume() : feed.pause())}
            >
              {view.isPaused ? liveTail.resume(view.waiting) : liveTail.pause}
            </Button>
            <Button onClick={() => feed.clear()}>{liveTail.clear}</Button>
          </>
        }
      />
    </SpaceBetween>
  );
}

const TYPES = {
  idle: "stopped",
  connecting: "in-progress",
  live: "success",
  polling: "info",
  hidden: "stopped",
  absent: "pending",
  reconnecting: "warning",
  failed: "error",
} as const;

function Standing({ view }: { view: TailView }) {
  const { liveTail } = useMessages();
  const format = useFormat();
  const { status, received, perSecond } = view;
  const isFlowing = status.kind === "live" || status.kind === "polling";
  return (
    <>
      <StatusIndicator type={TYPES[status.kind]}>{liveTail.status[status.kind]}</StatusIndicator>
      {isFlowing && (
        <Box color="text-body-secondary" fontSize="body-s">
          {liveTail.rate(format.number(perSecond, perSecond < 10 ? 1 : 0), format.number(received))}
        </Box>
      )}
    </>
  );
}

function Empty({ status }: { status: TailStatus }) {
  const { liveTail } = useMessages();
  if (status.kind === "failed") return null;
  return status.kind === "idle" ? liveTail.idle : liveTail.waiting;
}

function Notices({ view }: { view: TailView }) {
  const { liveTail } = useMessages();
  const format = useFormat();
  const { status, resumed, isSampled, received } = view;
  return (
    <>
      {status.kind === "polling" && <Alert type="info">{liveTail.polled(format.duration(POLL_MS))}</Alert>}
      {isSampled && <Alert type="warning">{liveTail.sampled}</Alert>}
      {resumed && (
        <Alert type="info">
          {liveTail.resumed[resumed.why](format.time(resumed.from), format.time(resumed.to))}{" "}
          {resumed.isGap ? liveTail.gap(format.duration(LONGEST_GAP_MS)) : liveTail.noGap}
        </Alert>
      )}
      {received > MOST_TAILED && (
        <Box color="text-body-secondary" fontSize="body-s">
          {liveTail.bounded(format.number(MOST_TAILED))}
        </Box>
      )}
    </>
  );
}

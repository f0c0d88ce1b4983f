// The state of a function, as an indicator with AWS's own words.
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useMessages } from "../i18n/language";

const TYPES: Readonly<Record<string, StatusIndicatorProps.Type>> = {
  Failed: "error",
  Pending: "pending",
  InProgress: "in-progress",
  Inactive: "stopped",
};

/** State and last update of a function; the reason shows on hover. A function whose update failed still runs as before. */
export function FunctionState({ configuration }: { configuration: FunctionConfiguration }) {
  const { app } = useMessages();
  const { State = "Active", StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration;
  const isActive = State === "Active";
  const isFailed = isActive && LastUpdateStatus === "Failed";
  const word = isActive && LastUpdateStatus === "InProgress" ? LastUpdateStatus : State;
  return (
    <span title={StateReason ?? LastUpdateStatusReason}>
      <StatusIndicator type={isFailed ? "warning" : (TYPES[word] ?? "success")}>
        {isFailed ? app.updateFailed(word) : word}
      </StatusIndicator>
    </span>
  );
}

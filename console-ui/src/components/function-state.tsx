// The state of a function, as an indicator with AWS's own words.
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";

/** State and last update of a function; the reason shows on hover. */
export function FunctionState({ configuration }: { configuration: FunctionConfiguration }) {
  const { State, StateReason, LastUpdateStatus, LastUpdateStatusReason } = configuration;
  const update = LastUpdateStatus === "InProgress" || LastUpdateStatus === "Failed" ? LastUpdateStatus : undefined;
  const word = State === "Active" && update ? update : (State ?? "Active");
  const type =
    word === "Failed" ? "error" : word === "Pending" ? "pending" : word === "InProgress" ? "in-progress" : word === "Inactive" ? "stopped" : "success";
  return (
    <span title={StateReason ?? LastUpdateStatusReason}>
      <StatusIndicator type={type}>{word}</StatusIndicator>
    </span>
  );
}

// How an invocation ended, as an indicator.
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { InvocationStatus } from "../../api/invocations";
import { useMessages } from "../../i18n/language";

/** The indicator. */
export function InvocationStatusIndicator({ status }: { status: InvocationStatus }) {
  const { invocations } = useMessages();
  const type = status === "succeeded" ? "success" : status === "not-run" ? "stopped" : "error";
  return <StatusIndicator type={type}>{invocations.statuses[status] ?? status}</StatusIndicator>;
}

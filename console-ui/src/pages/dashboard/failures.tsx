// What the dashboard could not read: each part by itself, but a server that is away only once.
import { failureOf } from "../../api/errors";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";

/** A part of the dashboard, and what it failed with. */
export interface Asked {
  readonly header: string;
  readonly error: Error | null;
  readonly onRetry: () => unknown;
}

/** The failures. */
export function Failures({ asked }: { asked: readonly Asked[] }) {
  const { dashboard } = useMessages();
  const failed = asked.filter(({ error }) => error);
  const away = failed.find(({ error }) => failureOf(error).kind === "unreachable");
  if (away && failed.length > 1) {
    return <FailureAlert error={away.error} header={dashboard.failed} onRetry={() => failed.forEach(({ onRetry }) => void onRetry())} />;
  }
  return failed.map(({ header, error, onRetry }) => (
    <FailureAlert key={header} error={error} header={header} onRetry={() => void onRetry()} />
  ));
}

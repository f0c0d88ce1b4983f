// A failed request, on the page: what it means, what the server said, and a way to try again.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import { failureOf } from "../api/errors";
import { useMessages } from "../i18n/language";

/** Shows `error`, or nothing when there is none. */
export function FailureAlert({ error, header, onRetry }: { error: unknown; header?: string; onRetry?: () => void }) {
  const { app } = useMessages();
  if (!error) return null;
  const { code, message, kind } = failureOf(error);
  return (
    <Alert
      type={kind === "unreachable" || kind === "throttled" ? "warning" : "error"}
      header={header ?? app.failures[kind]}
      action={onRetry && <Button onClick={onRetry}>{app.retry}</Button>}
    >
      {header && <Box>{app.failures[kind]}</Box>}
      {kind !== "unreachable" && (
        <Box>
          {code}: {message}
        </Box>
      )}
    </Alert>
  );
}

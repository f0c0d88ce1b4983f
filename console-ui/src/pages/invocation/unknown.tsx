// What to say of a request that there is no record of.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { MOST_LOOKS } from "../../api/invocation";
import { RouteButton, RouteLink } from "../../components/route-link";
import { useMessages } from "../../i18n/language";

/** `looks`: how often the record was asked for. */
export function Unknown({ requestId, looks, onLook }: { requestId: string; looks: number; onLook: () => void }) {
  const { invocation } = useMessages();
  if (looks < MOST_LOOKS) {
    return (
      <div role="status">
        <Box color="text-body-secondary">
          <Spinner /> {invocation.looking}
        </Box>
      </div>
    );
  }
  return (
    <Alert
      type="warning"
      header={invocation.unknown(requestId)}
      action={
        <SpaceBetween direction="horizontal" size="xs">
          <Button onClick={onLook}>{invocation.lookAgain}</Button>
          <RouteButton to="/invocations">{invocation.toInvocations}</RouteButton>
        </SpaceBetween>
      }
    >
      {invocation.unknownWhy}
      <ul>
        {invocation.unknownReasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <RouteLink
        to={`/logs/insights?query=${encodeURIComponent(`fields @timestamp, @message, @log\n| filter @message like "${requestId}"\n| sort @timestamp asc`)}`}
      >
        {invocation.searchLogs}
      </RouteLink>
    </Alert>
  );
}

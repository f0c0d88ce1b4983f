// What the account uses of its limits.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import ProgressBar from "@cloudscape-design/components/progress-bar";
import type { GetAccountSettingsCommandOutput } from "@aws-sdk/client-lambda";
import { session } from "../../api/session";
import { RouteLink } from "../../components/route-link";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

interface AccountPanelProps {
  readonly settings: GetAccountSettingsCommandOutput | undefined;
  /** Calls at the same time; absent while it is not known. */
  readonly concurrency: number | undefined;
}

/** The panel. */
export function AccountPanel({ settings, concurrency }: AccountPanelProps) {
  const { dashboard } = useMessages();
  const format = useFormat();
  const { AccountLimit: limit, AccountUsage: usage } = settings ?? {};
  return (
    <Container header={<Header variant="h2" description={dashboard.accountIn(session().region)}>{dashboard.account}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          {
            label: dashboard.functions,
            value: (
              <RouteLink to="/functions" fontSize="heading-l">
                {format.number(usage?.FunctionCount)}
              </RouteLink>
            ),
          },
          {
            label: dashboard.storage,
            value: (
              <Used
                label={dashboard.storage}
                used={usage?.TotalCodeSize}
                limit={limit?.TotalCodeSize}
                write={(bytes) => format.bytes(bytes)}
              />
            ),
          },
          {
            label: dashboard.concurrency,
            value: (
              <span title={dashboard.concurrencyHelp}>
                <Used
                  label={dashboard.concurrency}
                  used={concurrency}
                  limit={limit?.ConcurrentExecutions}
                  write={(value) => format.number(value)}
                />
              </span>
            ),
          },
          {
            label: dashboard.unreserved,
            value: <Box fontSize="heading-l">{format.number(limit?.UnreservedConcurrentExecutions)}</Box>,
          },
        ]}
      />
    </Container>
  );
}

interface UsedProps {
  readonly label: string;
  readonly used: number | undefined;
  readonly limit: number | undefined;
  readonly write: (value: number | undefined) => string;
}

function Used({ label, used, limit, write }: UsedProps) {
  const { dashboard } = useMessages();
  if (used === undefined && limit === undefined) return write(undefined);
  const words = dashboard.ofLimit(write(used), write(limit));
  const share = used !== undefined && limit ? Math.min(100, (used / limit) * 100) : 0;
  return <ProgressBar value={share} ariaLabel={label} additionalInfo={words} />;
}

// The CloudWatch Logs client.
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { clientConfig } from "./clients";

let client: CloudWatchLogsClient | undefined;

/** The one CloudWatch Logs client. */
export function logs(): CloudWatchLogsClient {
  return (client ??= new CloudWatchLogsClient(clientConfig()));
}

// The CloudWatch client.
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { clientConfig } from "./clients";

let client: CloudWatchClient | undefined;

/** The one CloudWatch client. */
export function metrics(): CloudWatchClient {
  return (client ??= new CloudWatchClient(clientConfig()));
}

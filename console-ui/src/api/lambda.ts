// The Lambda client.
import { LambdaClient } from "@aws-sdk/client-lambda";
import { clientConfig } from "./clients";

let client: LambdaClient | undefined;

/** The one Lambda client. */
export function lambda(): LambdaClient {
  return (client ??= new LambdaClient(clientConfig()));
}

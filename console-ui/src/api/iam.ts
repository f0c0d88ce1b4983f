// The IAM client.
import { IAMClient } from "@aws-sdk/client-iam";
import { clientConfig } from "./clients";

let client: IAMClient | undefined;

/** The one IAM client. */
export function iam(): IAMClient {
  return (client ??= new IAMClient(clientConfig()));
}

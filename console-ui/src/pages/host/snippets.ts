// Lines to copy that connect to this server. Pure.
import type { Session } from "../../api/session";

/** What can be connected. */
export const CLIENTS = ["cli", "environment", "boto3", "curl", "prometheus"] as const;

/** What can be connected. */
export type Client = (typeof CLIENTS)[number];

/** The lines for a client. The access key names the account; the secret is asked for by every client and may be anything. */
export function snippetOf(client: Client, endpoint: string, { account, region }: Session): string {
  switch (client) {
    case "cli":
      return [
        `AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=hearth \\`,
        `  aws --endpoint-url ${endpoint} --region ${region} lambda list-functions`,
      ].join("\n");
    case "environment":
      return [
        `export AWS_ENDPOINT_URL=${endpoint}`,
        `export AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=hearth`,
        `export AWS_DEFAULT_REGION=${region}`,
        "aws lambda list-functions",
      ].join("\n");
    case "boto3":
      return [
        "import boto3",
        "",
        "client = boto3.client(",
        '    "lambda",',
        `    endpoint_url="${endpoint}",`,
        `    region_name="${region}",`,
        `    aws_access_key_id="${account}",`,
        '    aws_secret_access_key="hearth",',
        ")",
        'for function in client.list_functions()["Functions"]:',
        '    print(function["FunctionName"])',
      ].join("\n");
    case "curl":
      return [
        `curl -s --aws-sigv4 aws:amz:${region}:lambda --user ${account}:hearth \\`,
        `  ${endpoint}/2015-03-31/functions/`,
      ].join("\n");
    case "prometheus": {
      const { host, protocol } = new URL(endpoint);
      return [
        "scrape_configs:",
        "  - job_name: hearth",
        ...(protocol === "https:" ? ["    scheme: https"] : []),
        "    static_configs:",
        `      - targets: ["${host}"]`,
      ].join("\n");
    }
  }
}

/** The commands in a text that has them in backticks. */
export function commandsIn(text: string): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

// The AWS SDK's clients, one of each, pointed at the endpoint that served the page. Import a service's own module from a page, so
// that its code loads with that page.
import { session } from "./session";

/** Settings of every client. The access key names the account; hearth has no secret to hold it against. */
export function clientConfig() {
  const { account, region } = session();
  return {
    endpoint: location.origin,
    region,
    credentials: { accessKeyId: account, secretAccessKey: "hearth" },
    maxAttempts: 1, // Retries are react-query's, which shows them.
    disableHostPrefix: true,
  };
}

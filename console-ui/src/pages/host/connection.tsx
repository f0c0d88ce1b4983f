// How to connect to this server from outside of the console.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import Link from "@cloudscape-design/components/link";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tabs from "@cloudscape-design/components/tabs";
import { useSearchParams } from "react-router";
import { session } from "../../api/session";
import { Snippet } from "../../components/snippet";
import { useMessages } from "../../i18n/language";
import { CLIENTS, snippetOf } from "./snippets";

/** The block. */
export function Connection() {
  const { app, host } = useMessages();
  const [search, setSearch] = useSearchParams();
  const { origin } = location;
  const { account, region } = session();
  const client = CLIENTS.find((one) => one === search.get("client")) ?? "cli";
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={host.connectHelp}
          actions={
            <SpaceBetween direction="horizontal" size="m">
              <Outside href={`${origin}/metrics`} text={host.metricsLink} />
              <Outside href={`${origin}/hearth/health`} text={host.healthLink} />
            </SpaceBetween>
          }
        >
          {host.connect}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <KeyValuePairs
          columns={3}
          items={[
            {
              label: host.endpoint,
              value: (
                <CopyToClipboard
                  variant="inline"
                  textToCopy={origin}
                  copyButtonAriaLabel={host.copyEndpoint}
                  copySuccessText={app.copied}
                  copyErrorText={app.copyFailed}
                />
              ),
            },
            { label: host.account, value: account },
            { label: host.region, value: region },
          ]}
        />
        <Box>{host.credentials}</Box>
        <Tabs
          ariaLabel={host.connect}
          activeTabId={client}
          onChange={({ detail }) => setSearch({ client: detail.activeTabId }, { replace: true })}
          tabs={CLIENTS.map((id) => ({
            id,
            label: host.clients[id],
            content: <Snippet label={host.copySnippet(host.clients[id])} text={snippetOf(id, origin, { account, region })} />,
          }))}
        />
      </SpaceBetween>
    </Container>
  );
}

function Outside({ href, text }: { href: string; text: string }) {
  const { host } = useMessages();
  return (
    <Link external href={href} externalIconAriaLabel={host.opensNewTab}>
      {text}
    </Link>
  );
}

// Facts below the editor: of the package, and of how it is run.
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { RouteButton } from "../../../components/route-link";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";

/** Size, digest and time of the package. */
export function CodeProperties({ configuration }: { configuration: FunctionConfiguration }) {
  const { app, functionCode } = useMessages();
  const format = useFormat();
  const { CodeSize, CodeSha256 = "", LastModified } = configuration;
  return (
    <Container header={<Header variant="h2">{functionCode.properties}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: functionCode.packageSize, value: format.bytes(CodeSize) },
          {
            label: functionCode.sha256,
            value: (
              <CopyToClipboard
                variant="inline"
                textToCopy={CodeSha256}
                copyButtonAriaLabel={functionCode.copySha256}
                copySuccessText={app.copied}
                copyErrorText={app.copyFailed}
              />
            ),
          },
          { label: functionCode.lastModified, value: format.time(LastModified ? new Date(LastModified) : undefined) },
        ]}
      />
    </Container>
  );
}

/** Runtime and handler; they are changed with the general configuration. */
export function RuntimeSettings({
  name,
  configuration,
  isReadOnly,
}: {
  name: string;
  configuration: FunctionConfiguration;
  isReadOnly: boolean;
}) {
  const { app, functionCode } = useMessages();
  const { Runtime, Handler, Architectures } = configuration;
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            !isReadOnly && (
              <RouteButton
                to={`/functions/${encodeURIComponent(name)}/configuration?section=general&edit=true`}
                ariaLabel={functionCode.editRuntime}
              >
                {app.edit}
              </RouteButton>
            )
          }
        >
          {functionCode.runtimeSettings}
        </Header>
      }
    >
      <KeyValuePairs
        columns={3}
        items={[
          { label: functionCode.runtime, value: Runtime ?? "–" },
          { label: functionCode.handler, value: Handler ?? "–" },
          { label: functionCode.architecture, value: Architectures?.join(", ") || "–" },
        ]}
      />
    </Container>
  );
}

// What a function is, at a glance.
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { FunctionState } from "../../components/function-state";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";

/** The overview. */
export function Overview({ detail }: { detail: GetFunctionCommandOutput }) {
  const { app, functionPage } = useMessages();
  const format = useFormat();
  const configuration = detail.Configuration ?? {};
  const arn = configuration.FunctionArn ?? "";
  const modified = configuration.LastModified && new Date(configuration.LastModified);
  return (
    <Container header={<Header variant="h2">{functionPage.overview}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: functionPage.description, value: configuration.Description || "–" },
          { label: functionPage.runtime, value: configuration.Runtime ?? "–" },
          { label: functionPage.lastModified, value: <span title={format.time(modified || undefined)}>{format.ago(modified || undefined)}</span> },
          { label: functionPage.state, value: <FunctionState configuration={configuration} /> },
          {
            label: functionPage.arn,
            value: (
              <CopyToClipboard
                variant="inline"
                textToCopy={arn}
                copyButtonAriaLabel={functionPage.copyArn}
                copySuccessText={app.copied}
                copyErrorText={app.copyFailed}
              />
            ),
          },
        ]}
      />
    </Container>
  );
}

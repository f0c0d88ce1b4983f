// What a function is, at a glance: one row, so that the tab below has the page.
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { FunctionState } from "../../components/function-state";
import { useFormat } from "../../i18n/format";
import { useMessages } from "../../i18n/language";
import "./function.css";

/** The overview. */
export function Overview({ detail }: { detail: GetFunctionCommandOutput }) {
  const { app, functionPage } = useMessages();
  const format = useFormat();
  const configuration = detail.Configuration ?? {};
  const arn = configuration.FunctionArn ?? "";
  const modified = configuration.LastModified ? new Date(configuration.LastModified) : undefined;
  return (
    <Container>
      <KeyValuePairs
        ariaLabel={functionPage.overview}
        columns={4}
        minColumnWidth={130}
        items={[
          { label: functionPage.state, value: <FunctionState configuration={configuration} /> },
          { label: functionPage.runtime, value: configuration.Runtime ?? "–" },
          { label: functionPage.lastModified, value: <span title={format.time(modified)}>{format.ago(modified)}</span> },
          {
            label: functionPage.arn,
            value: (
              <div className="function-arn">
                <CopyToClipboard
                  variant="icon"
                  textToCopy={arn}
                  copyButtonAriaLabel={functionPage.copyArn}
                  copySuccessText={app.copied}
                  copyErrorText={app.copyFailed}
                />
                <span title={arn}>
                  <bdi>{arn}</bdi>
                </span>
              </div>
            ),
          },
        ]}
      />
    </Container>
  );
}

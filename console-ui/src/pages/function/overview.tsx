// What a function is, at a glance: one row, so that the tab below has the page.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import type { ReactNode } from "react";
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
      <div className="function-facts">
        <dl aria-label={functionPage.overview}>
          <Fact label={functionPage.state}>
            <FunctionState configuration={configuration} />
          </Fact>
          <Fact label={functionPage.runtime}>{configuration.Runtime ?? "–"}</Fact>
          <Fact label={functionPage.lastModified}>
            <span title={format.time(modified)}>{format.ago(modified)}</span>
          </Fact>
          <Fact label={functionPage.arn}>
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
          </Fact>
        </dl>
      </div>
    </Container>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>
        <Box variant="awsui-key-label">{label}</Box>
      </dt>
      <dd>{children}</dd>
    </div>
  );
}

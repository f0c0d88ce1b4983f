// What an invocation failed with; frames of the function's own code lead to their lines.
import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import CopyToClipboard from "@cloudscape-design/components/copy-to-clipboard";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { Link } from "react-router";
import type { Invocation } from "../../api/invocation";
import { useMessages } from "../../i18n/language";
import { placeOf, placeRoute } from "../../invocation/frame";
import "./invocation.css";
import { COLOURS } from "./colours";

/** The error. */
export function ErrorDetails({ record, error }: { record: Invocation; error: NonNullable<Invocation["error"]> }) {
  const { app, invocation } = useMessages();
  const text = [`${error.errorType}: ${error.errorMessage}`, ...error.stackTrace].join("\n");
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <CopyToClipboard
              variant="icon"
              copyButtonAriaLabel={invocation.copyError}
              textToCopy={text}
              copySuccessText={app.copied}
              copyErrorText={app.copyFailed}
            />
          }
        >
          {invocation.error}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Box color="text-status-error" variant="strong">
          {error.errorType}
        </Box>
        <pre className="invocation-text">{error.errorMessage}</pre>
        {error.stackTrace.length > 0 && (
          <div style={COLOURS}>
            <Box variant="h3">{invocation.stackTrace}</Box>
            <ol className="invocation-frames">
              {error.stackTrace.map((frame, index) => (
                <li key={index}>
                  <Frame frame={frame} record={record} />
                </li>
              ))}
            </ol>
          </div>
        )}
      </SpaceBetween>
    </Container>
  );
}

function Frame({ frame, record }: { frame: string; record: Invocation }) {
  const text = frame.replace(/\s+$/, "");
  const place = placeOf(text);
  if (!place) return <code className="invocation-foreign">{text}</code>;
  const [first = "", ...rest] = text.split("\n");
  const indent = /^\s*/.exec(first)?.[0] ?? "";
  return (
    <code>
      {indent}
      <Link to={placeRoute(record.function, record.version, place)}>{first.slice(indent.length)}</Link>
      {rest.length > 0 && `\n${rest.join("\n")}`}
    </code>
  );
}

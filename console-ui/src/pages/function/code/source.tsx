// The code's editor: what can be done above, the files on the left, the open file on the right, and what is not deployed below.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Checkbox from "@cloudscape-design/components/checkbox";
import Container from "@cloudscape-design/components/container";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import * as tokens from "@cloudscape-design/design-tokens";
import type { CSSProperties } from "react";
import { useSearchParams } from "react-router";
import { EDITABLE } from "../../../api/code";
import { FailureAlert } from "../../../components/failure-alert";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import type { Desk } from "../../../package/desk";
import { unsavedFiles } from "../../../package/workspace";
import type { FunctionContext } from "../context";
import { FileTabs } from "./file-tabs";
import { FileTree } from "./file-tree";
import { FileView } from "./file-view";
import { Toolbar } from "./toolbar";
import { TreeActions } from "./tree-actions";
import type { CodeDesk } from "./use-code";
import "./code.css";

const COLOURS = {
  "--code-border": tokens.colorBorderDividerDefault,
  "--code-shade": tokens.colorBackgroundCellShaded,
  "--code-hover": tokens.colorBackgroundDropdownItemHover,
  "--code-selected": tokens.colorBackgroundItemSelected,
  "--code-accent": tokens.colorBorderItemSelected,
  "--code-focus": tokens.colorBorderItemFocused,
  "--code-text": tokens.colorTextBodyDefault,
  "--code-quiet": tokens.colorTextBodySecondary,
  "--code-ground": tokens.colorBackgroundContainerContent,
} as CSSProperties;

/** The place in a file that an address named. */
export type Place = { readonly file: string | undefined; readonly line: number } | undefined;

/** The editor. */
export function CodeSource({ context, code, place }: { context: FunctionContext; code: CodeDesk; place: Place }) {
  const { functionCode } = useMessages();
  return (
    <Container header={<Toolbar context={context} code={code} />} disableContentPaddings>
      <div className="code" style={COLOURS}>
        {code.desk ? (
          <>
            <Body code={code} desk={code.desk} place={place} />
            {!code.isReadOnly && <Foot code={code} desk={code.desk} />}
          </>
        ) : code.obstacle ? (
          <Obstacle code={code} />
        ) : code.error ? (
          <Box padding="l">
            <FailureAlert error={code.error} header={functionCode.fetchFailed} onRetry={code.retry} />
          </Box>
        ) : (
          <Box padding="xxl" textAlign="center">
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <Spinner />
              <Box variant="span">{functionCode.fetching}</Box>
            </SpaceBetween>
          </Box>
        )}
      </div>
    </Container>
  );
}

function Body({ code, desk, place }: { code: CodeDesk; desk: Desk; place: Place }) {
  const [, setSearch] = useSearchParams();
  /** Puts the file that shows into the address, and takes the line out of it. */
  const change = (next: (desk: Desk) => Desk) =>
    code.change((desk) => {
      const after = next(desk);
      if (after.active !== desk.active) setSearch((search) => addressed(search, after.active), { replace: true });
      return after;
    });
  const unsaved = unsavedFiles(desk.workspace);
  return (
    <div className="code-body">
      <div className="code-side">
        <TreeActions desk={desk} change={change} isReadOnly={code.isReadOnly} />
        <FileTree desk={desk} unsaved={unsaved} change={change} />
      </div>
      <div className="code-main">
        <FileTabs desk={desk} unsaved={unsaved} change={change} />
        <FileView
          deskName={code.key}
          desk={desk}
          isReadOnly={code.isReadOnly}
          change={code.change}
          place={place && (place.file === undefined || place.file === desk.active) ? place : undefined}
        />
      </div>
    </div>
  );
}

function addressed(search: URLSearchParams, file: string | undefined): URLSearchParams {
  const next = new URLSearchParams(search);
  next.delete("line");
  if (file === undefined) next.delete("file");
  else next.set("file", file);
  return next;
}

function Foot({ code, desk }: { code: CodeDesk; desk: Desk }) {
  const { functionCode } = useMessages();
  const count = unsavedFiles(desk.workspace).size;
  const hasRequirements = desk.workspace.now.files.has("requirements.txt");
  return (
    <div className="code-foot">
      <div role="status">
        {code.isDeploying ? (
          <StatusIndicator type="in-progress">{functionCode.deploying}</StatusIndicator>
        ) : code.isUnsaved ? (
          <StatusIndicator type="warning">{functionCode.unsaved(count)}</StatusIndicator>
        ) : (
          <StatusIndicator type="success">{functionCode.allDeployed}</StatusIndicator>
        )}
      </div>
      {hasRequirements && (
        <Checkbox
          checked={code.installs}
          onChange={({ detail }) => code.change((desk) => ({ ...desk, installs: detail.checked }))}
        >
          {functionCode.installs}
        </Checkbox>
      )}
    </div>
  );
}

function Obstacle({ code }: { code: CodeDesk }) {
  const { functionCode } = useMessages();
  const format = useFormat();
  const { reason = "damaged", amount = 0 } = code.obstacle ?? {};
  const limit = { bytes: format.bytes(EDITABLE.bytes), entries: format.number(EDITABLE.entries) };
  const found = reason === "too-large" ? (amount > 0 ? format.bytes(amount) : "") : format.number(amount);
  return (
    <Box padding="l">
      <Alert type="info" header={functionCode.notEditable}>
        {functionCode.obstacles[reason](found, limit)} {functionCode.notEditableHelp}
      </Alert>
    </Box>
  );
}

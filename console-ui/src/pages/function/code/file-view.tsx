// The file that shows: its text in the editor, or why there is none.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import { lazy, Suspense } from "react";
import { downloadText } from "../../../components/download";
import type { EditorStates } from "../../../components/text-editor";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { isLink } from "../../../package/archive";
import { typing, type Desk } from "../../../package/desk";
import { languageOf } from "../../../package/text";
import type { PackageFile } from "../../../package/workspace";

const TextEditor = lazy(() => import("../../../components/text-editor"));

/** The editor's documents of one desk, so that undo works after a look at another tab. */
let kept: { readonly deskName: string; readonly states: EditorStates } | undefined;

function statesOf(deskName: string): EditorStates {
  if (kept?.deskName !== deskName) kept = { deskName, states: new Map() };
  return kept.states;
}

/** The view. */
export function FileView({
  deskName,
  desk,
  isReadOnly,
  change,
  place,
}: {
  deskName: string;
  desk: Desk;
  isReadOnly: boolean;
  change: (change: (desk: Desk) => Desk) => void;
  place: { readonly line: number } | undefined;
}) {
  const { functionCode } = useMessages();
  const { active } = desk;
  const file = active === undefined ? undefined : desk.workspace.now.files.get(active);
  if (active === undefined || !file) {
    return (
      <Box padding="xl" textAlign="center" color="text-body-secondary">
        {functionCode.openOne}
      </Box>
    );
  }
  if (file.text === undefined || isLink(file.attributes)) return <NoText path={active} file={file} />;
  return (
    <Suspense
      fallback={
        <Box padding="xl" textAlign="center">
          <Spinner />
        </Box>
      }
    >
      <TextEditor
        documentName={active}
        text={file.text}
        onChange={isReadOnly ? undefined : (text) => change((desk) => typing(desk, active, text))}
        language={languageOf(active)}
        label={functionCode.editorOf(active)}
        height="100%"
        states={statesOf(deskName)}
        place={place}
      />
    </Suspense>
  );
}

function NoText({ path, file }: { path: string; file: PackageFile }) {
  const { functionCode } = useMessages();
  const format = useFormat();
  const name = path.split("/").at(-1) ?? path;
  return (
    <Box padding="xl" textAlign="center">
      <SpaceBetween size="s" alignItems="center">
        <Box color="text-body-secondary">
          {isLink(file.attributes) ? functionCode.link(file.text ?? "") : functionCode.binary(format.bytes(file.bytes.length))}
        </Box>
        {!isLink(file.attributes) && (
          <Button
            iconName="download"
            onClick={() => downloadText(name, file.bytes as Uint8Array<ArrayBuffer>, "application/octet-stream")}
          >
            {functionCode.downloadFile}
          </Button>
        )}
      </SpaceBetween>
    </Box>
  );
}

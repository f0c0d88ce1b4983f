// Takes files from the reader's disk into the package; nothing is deployed yet.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { EDITABLE } from "../../../api/code";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { receiving, targetFolder, type Desk } from "../../../package/desk";
import { pathFault } from "../../../package/tree";
import { sizeOf } from "../../../package/workspace";

const NOTHING_THERE = new Set<string>();

/** The dialog. */
export function FileUploads({
  desk,
  onUpload,
  onDismiss,
}: {
  desk: Desk;
  onUpload: (change: (desk: Desk) => Desk) => void;
  onDismiss: () => void;
}) {
  const { app, functionCode } = useMessages();
  const format = useFormat();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [folder, setFolder] = useState(() => targetFolder(desk));
  const [failure, setFailure] = useState<string>();
  const { now } = desk.workspace;
  const prefix = folder.replace(/^\/+|\/+$/g, "");
  const pathOf = (file: File) => (prefix ? `${prefix}/${file.name}` : file.name);
  const replaced = files.map(pathOf).filter((path) => now.files.has(path));
  const size = files.reduce((sum, file) => sum + file.size, sizeOf(now));
  const isTooLarge = size > EDITABLE.bytes || now.files.size + files.length > EDITABLE.entries;
  const fault = prefix === "" ? undefined : pathFault(prefix, now.files, NOTHING_THERE);
  const take = async () => {
    try {
      const read = await Promise.all(
        files.map(async (file) => ({ path: pathOf(file), bytes: new Uint8Array(await file.arrayBuffer()) })),
      );
      onUpload((desk) => receiving(desk, read));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Modal
      visible
      header={functionCode.tree.upload}
      closeAriaLabel={app.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {app.cancel}
            </Button>
            <Button
              variant="primary"
              disabled={files.length === 0 || isTooLarge || fault !== undefined}
              onClick={() => void take()}
            >
              {app.add}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {failure && (
          <Alert type="error" header={functionCode.unreadable}>
            {failure}
          </Alert>
        )}
        <FormField label={functionCode.folder} errorText={fault ? functionCode.pathFaults[fault] : ""}>
          <Input value={folder} placeholder={functionCode.topFolder} spellcheck={false} onChange={({ detail }) => setFolder(detail.value)} />
        </FormField>
        <FormField
          label={functionCode.filesToAdd}
          errorText={isTooLarge ? functionCode.tooLarge(format.bytes(EDITABLE.bytes), format.number(EDITABLE.entries)) : ""}
        >
          <FileUpload
            multiple
            value={files}
            showFileSize
            tokenLimit={5}
            onChange={({ detail }) => setFiles(detail.value)}
            i18nStrings={functionCode.upload}
          />
        </FormField>
        {replaced.length > 0 && <Alert type="warning">{functionCode.replaces(replaced)}</Alert>}
      </SpaceBetween>
    </Modal>
  );
}

// Deploys a zip from the reader's disk in place of the whole package.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Checkbox from "@cloudscape-design/components/checkbox";
import FileUpload from "@cloudscape-design/components/file-upload";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { DeployFailed } from "../../../api/code";
import { useNotices } from "../../../app/notices";
import { FailureAlert } from "../../../components/failure-alert";
import { useMessages } from "../../../i18n/language";
import type { CodeDesk } from "./use-code";

/** The dialog. */
export function PackageUpload({ code, onDismiss }: { code: CodeDesk; onDismiss: () => void }) {
  const { app, functionCode } = useMessages();
  const notices = useNotices();
  const [files, setFiles] = useState<readonly File[]>([]);
  const [installs, setInstalls] = useState(false);
  const [unreadable, setUnreadable] = useState<string>();
  const [file] = files;
  const isZip = file === undefined || /\.zip$/i.test(file.name);
  const { deployError } = code;
  const upload = async () => {
    if (!file) return;
    setUnreadable(undefined);
    try {
      const zip = new Uint8Array(await file.arrayBuffer());
      if (!(await code.replace(zip, installs))) return;
      notices.success(functionCode.uploaded(file.name));
      onDismiss();
    } catch (error) {
      setUnreadable(error instanceof Error ? error.message : String(error));
    }
  };
  const leave = () => {
    code.forgetDeployError();
    onDismiss();
  };
  return (
    <Modal
      visible
      header={functionCode.uploadTitle}
      closeAriaLabel={app.close}
      onDismiss={leave}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={leave}>
              {app.cancel}
            </Button>
            <Button variant="primary" disabled={!file || !isZip} loading={code.isDeploying} onClick={() => void upload()}>
              {functionCode.uploadAndDeploy}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        {unreadable && (
          <Alert type="error" header={functionCode.unreadable}>
            {unreadable}
          </Alert>
        )}
        {deployError instanceof DeployFailed ? (
          <Alert type="error" header={functionCode.deployFailed}>
            {deployError.message}
          </Alert>
        ) : (
          <FailureAlert error={deployError} header={functionCode.uploadFailed} />
        )}
        <Box>{functionCode.uploadHelp}</Box>
        {code.isUnsaved && <Alert type="warning">{functionCode.uploadDiscards}</Alert>}
        <FormField label={functionCode.package} errorText={isZip ? "" : functionCode.notZip}>
          <FileUpload
            value={files}
            accept=".zip,application/zip"
            showFileSize
            onChange={({ detail }) => setFiles(detail.value)}
            i18nStrings={functionCode.upload}
          />
        </FormField>
        <Checkbox checked={installs} onChange={({ detail }) => setInstalls(detail.checked)} description={functionCode.installsHelp}>
          {functionCode.installs}
        </Checkbox>
      </SpaceBetween>
    </Modal>
  );
}

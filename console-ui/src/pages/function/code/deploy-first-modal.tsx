// Asked before a test while there are edits: the function runs what is deployed.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useMessages } from "../../../i18n/language";

/** The dialog. */
export function DeployFirstModal({
  onDeploy,
  onTest,
  onDismiss,
}: {
  onDeploy: () => void;
  onTest: () => void;
  onDismiss: () => void;
}) {
  const { app, functionCode } = useMessages();
  return (
    <Modal
      visible
      header={functionCode.deployFirst}
      closeAriaLabel={app.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {app.cancel}
            </Button>
            <Button onClick={onTest}>{functionCode.testDeployed}</Button>
            <Button variant="primary" onClick={onDeploy}>
              {functionCode.deployAndTest}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      {functionCode.deployFirstHelp}
    </Modal>
  );
}

// Asks before something is done that can be made good again, so that no word has to be typed.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";
import { useMessages } from "../i18n/language";
import { FailureAlert } from "./failure-alert";

/** What is asked. */
export interface ConfirmModalProps {
  readonly title: string;
  /** What will happen. */
  readonly children: ReactNode;
  /** The button that does it. */
  readonly label: string;
  readonly isBusy: boolean;
  readonly error?: unknown;
  readonly onConfirm: () => void;
  readonly onDismiss: () => void;
}

/** The dialog. */
export function ConfirmModal({ title, children, label, isBusy, error, onConfirm, onDismiss }: ConfirmModalProps) {
  const { app } = useMessages();
  return (
    <Modal
      visible
      header={title}
      closeAriaLabel={app.close}
      onDismiss={onDismiss}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={onDismiss}>
              {app.cancel}
            </Button>
            <Button variant="primary" loading={isBusy} onClick={onConfirm}>
              {label}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <FailureAlert error={error} />
        <Box>{children}</Box>
      </SpaceBetween>
    </Modal>
  );
}

// Asks before something is deleted; the user types a word for what cannot be undone.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language";
import { FailureAlert } from "./failure-alert";
import { useFirstFocus } from "./first-focus";

/** What is deleted, and how. */
export interface DeleteModalProps {
  /** Names what goes, in the title. */
  readonly what: string;
  /** What else is lost. */
  readonly children?: ReactNode;
  readonly isBusy: boolean;
  readonly error?: unknown;
  readonly onDelete: () => void;
  readonly onDismiss: () => void;
}

/** The dialog. */
export function DeleteModal({ what, children, isBusy, error, onDelete, onDismiss }: DeleteModalProps) {
  const { app } = useMessages();
  const first = useFirstFocus<InputProps.Ref>();
  const [typed, setTyped] = useState("");
  const isConfirmed = typed.trim().toLowerCase() === app.deleteWord;
  return (
    <Modal visible header={app.deleteTitle(what)} closeAriaLabel={app.close} onDismiss={onDismiss}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isConfirmed && !isBusy) onDelete();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDismiss}>
                {app.cancel}
              </Button>
              <Button variant="primary" disabled={!isConfirmed} loading={isBusy}>
                {app.delete}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <FailureAlert error={error} />
            <Alert type="warning">{children ?? app.deleteWarning}</Alert>
            <FormField label={app.deleteConfirm(app.deleteWord)}>
              <Input value={typed} ref={first} placeholder={app.deleteWord} onChange={({ detail }) => setTyped(detail.value)} />
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

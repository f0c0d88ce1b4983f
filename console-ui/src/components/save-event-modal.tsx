// Asks for the name to save a test event under.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { EVENT_NAME } from "../api/test-events";
import { useMessages } from "../i18n/language";
import { FailureAlert } from "./failure-alert";
import { useFirstFocus } from "./first-focus";

/** The dialog's parts. */
export interface SaveEventModalProps {
  readonly suggestion: string;
  /** Names in use. */
  readonly names: readonly string[];
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onSave: (name: string) => void;
  readonly onDismiss: () => void;
}

/** The dialog. */
export function SaveEventModal({ suggestion, names, isBusy, error, onSave, onDismiss }: SaveEventModalProps) {
  const first = useFirstFocus<InputProps.Ref>();
  const { app, functionTest } = useMessages();
  const [name, setName] = useState(suggestion);
  const [isTried, setIsTried] = useState(false);
  const isValid = EVENT_NAME.test(name);
  return (
    <Modal visible header={functionTest.saveTitle} closeAriaLabel={app.close} onDismiss={onDismiss}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (isValid && !isBusy) onSave(name);
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDismiss}>
                {app.cancel}
              </Button>
              <Button variant="primary" loading={isBusy}>
                {app.save}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <FailureAlert error={error} header={functionTest.saveFailed} />
            <FormField
              label={functionTest.saveName}
              constraintText={functionTest.saveNameHelp}
              errorText={!isValid && (isTried || name !== "") ? functionTest.saveNameInvalid : ""}
            >
              <Input value={name} ref={first} spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
            </FormField>
            {names.includes(name) && <Alert type="info">{functionTest.saveReplaces(name)}</Alert>}
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

// Asks for the path of a new or renamed file or folder.
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input, { type InputProps } from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useFirstFocus } from "../../../components/first-focus";
import { useMessages } from "../../../i18n/language";
import { renameFault, type Desk } from "../../../package/desk";

/** The dialog. */
export function NameModal({
  title,
  initial,
  from,
  desk,
  onName,
  onDismiss,
}: {
  title: string;
  initial: string;
  /** What is renamed; nothing for something new. */
  from?: string;
  desk: Desk;
  onName: (path: string) => void;
  onDismiss: () => void;
}) {
  const first = useFirstFocus<InputProps.Ref>();
  const { app, functionCode } = useMessages();
  const [path, setPath] = useState(initial);
  const [isTried, setIsTried] = useState(false);
  const fault = renameFault(desk, from, path);
  const isShown = isTried || (path !== initial && fault !== "empty" && !path.endsWith("/"));
  return (
    <Modal visible header={title} closeAriaLabel={app.close} onDismiss={onDismiss}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setIsTried(true);
          if (path === from) onDismiss();
          else if (!fault) onName(path);
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDismiss}>
                {app.cancel}
              </Button>
              <Button variant="primary">{from === undefined ? app.create : functionCode.tree.rename}</Button>
            </SpaceBetween>
          }
        >
          <FormField
            label={functionCode.path}
            description={functionCode.pathHelp}
            errorText={fault && isShown ? functionCode.pathFaults[fault] : ""}
          >
            <Input value={path} ref={first} spellcheck={false} onChange={({ detail }) => setPath(detail.value)} />
          </FormField>
        </Form>
      </form>
    </Modal>
  );
}

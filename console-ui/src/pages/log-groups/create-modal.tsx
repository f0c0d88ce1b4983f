// Asks for a new log group's name and retention.
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { useCreateLogGroup } from "../../api/log-groups";
import { useNotices } from "../../app/notices";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";
import { isGroupName } from "./group-name";
import { RetentionField } from "./retention-field";

/** The dialog. */
export function CreateGroupModal({ onDone }: { onDone: () => void }) {
  const { app, logs } = useMessages();
  const notices = useNotices();
  const creation = useCreateLogGroup();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number>();
  const [isTried, setIsTried] = useState(false);
  const create = () => {
    setIsTried(true);
    if (!isGroupName(name)) return;
    creation.mutate(
      { name, days },
      {
        onSuccess: () => {
          notices.success(logs.groups.createdOne(name));
          onDone();
        },
      },
    );
  };
  return (
    <Modal visible header={logs.groups.create} closeAriaLabel={app.close} onDismiss={onDone}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!creation.isPending) create();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDone}>
                {app.cancel}
              </Button>
              <Button variant="primary" loading={creation.isPending}>
                {app.create}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <FailureAlert error={creation.error} />
            <FormField
              label={logs.groups.nameLabel}
              constraintText={logs.groups.nameHelp}
              errorText={isTried && !isGroupName(name) ? logs.groups.nameInvalid : ""}
            >
              <Input value={name} autoFocus spellcheck={false} onChange={({ detail }) => setName(detail.value)} />
            </FormField>
            <RetentionField days={days} onChange={setDays} />
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

// Asks how long log groups keep their events.
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { useState } from "react";
import { useSetRetention } from "../../api/log-groups";
import { useNotices } from "../../app/notices";
import { FailureAlert } from "../../components/failure-alert";
import { useMessages } from "../../i18n/language";
import { RetentionField } from "./retention-field";

/** The dialog. */
export function RetentionModal({ groups, onDone }: { groups: readonly LogGroup[]; onDone: () => void }) {
  const { app, logs } = useMessages();
  const notices = useNotices();
  const change = useSetRetention();
  const [days, setDays] = useState(groups[0]?.retentionInDays);
  const names = groups.map((group) => group.logGroupName ?? "");
  const save = () =>
    change.mutate(
      { names, days },
      {
        onSuccess: () => {
          notices.success(logs.groups.retentionSet(names, days === undefined ? logs.groups.never : logs.groups.days(days)));
          onDone();
        },
      },
    );
  return (
    <Modal visible header={logs.groups.retentionFor(names)} closeAriaLabel={app.close} onDismiss={onDone}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!change.isPending) save();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDone}>
                {app.cancel}
              </Button>
              <Button variant="primary" loading={change.isPending}>
                {app.save}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <FailureAlert error={change.error} />
            <RetentionField days={days} onChange={setDays} />
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

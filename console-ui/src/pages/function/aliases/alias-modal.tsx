// Creates an alias, or changes one.
import Alert from "@cloudscape-design/components/alert";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import type { AliasConfiguration } from "@aws-sdk/client-lambda";
import { useState } from "react";
import { aliasFaults, aliasForm, useSaveAlias, type AliasForm } from "../../../api/aliases";
import { useNotices } from "../../../app/notices";
import { FailureAlert } from "../../../components/failure-alert";
import { useMessages } from "../../../i18n/language";
import { AliasFields } from "./alias-fields";

/** The dialog. */
export function AliasModal({
  name,
  alias,
  version,
  names,
  onDismiss,
}: {
  name: string;
  /** The alias to change; a new one when absent. */
  alias: AliasConfiguration | undefined;
  /** The version to begin with. */
  version: string;
  /** Names in use. */
  names: readonly string[];
  onDismiss: () => void;
}) {
  const { app, functionAliases } = useMessages();
  const notices = useNotices();
  const saving = useSaveAlias(name);
  const [form, setForm] = useState<AliasForm>(() =>
    alias ? aliasForm(alias) : { name: "", description: "", version, secondVersion: "", percent: "" },
  );
  const [isTried, setIsTried] = useState(false);
  // The one that was opened: another change since then is a conflict. After the conflict was told, the present one.
  const [opened, setOpened] = useState(alias?.RevisionId);
  const faults = aliasFaults(form);
  const isTaken = !alias && names.includes(form.name);
  const save = () => {
    setIsTried(true);
    if (Object.keys(faults).length > 0 || isTaken || saving.isPending) return;
    saving.mutate(
      { form, revisionId: opened },
      {
        onSuccess: () => {
          notices.success(alias ? functionAliases.saved(form.name) : functionAliases.created(form.name));
          onDismiss();
        },
      },
    );
  };
  const isStale = saving.error?.name === "PreconditionFailedException";
  if (isStale && alias && alias.RevisionId !== opened) setOpened(alias.RevisionId);
  return (
    <Modal
      visible
      header={alias ? functionAliases.edit(form.name) : functionAliases.create}
      closeAriaLabel={app.close}
      onDismiss={onDismiss}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDismiss}>
                {app.cancel}
              </Button>
              <Button variant="primary" loading={saving.isPending}>
                {app.save}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            {isStale ? (
              <Alert type="warning" header={functionAliases.saveFailed}>
                {functionAliases.changed}
              </Alert>
            ) : (
              <FailureAlert error={saving.error} header={functionAliases.saveFailed} />
            )}
            <AliasFields name={name} form={form} faults={faults} isNew={!alias} isTaken={isTaken} isTried={isTried} onChange={setForm} />
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

// Asks for the account and region to speak for.
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { isSession, keepSession, session } from "../api/session";
import { useMessages } from "../i18n/language";

/** The dialog; loads the page again when it is saved. */
export function IdentityModal({ onDismiss }: { onDismiss: () => void }) {
  const { app } = useMessages();
  const [account, setAccount] = useState(session().account);
  const [region, setRegion] = useState(session().region);
  const { region: known, account: own } = session();
  const isAccount = isSession({ account, region: known });
  const isRegion = isSession({ account: own, region });
  const save = () => {
    if (!isAccount || !isRegion) return;
    keepSession({ account, region });
    location.reload();
  };
  return (
    <Modal visible header={app.settings.identity} closeAriaLabel={app.close} onDismiss={onDismiss}>
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
              <Button variant="primary">{app.save}</Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            <Box>{app.settings.identityHelp}</Box>
            <FormField label={app.settings.account} errorText={isAccount ? "" : app.settings.accountInvalid}>
              <Input value={account} inputMode="numeric" onChange={({ detail }) => setAccount(detail.value.trim())} />
            </FormField>
            <FormField label={app.settings.region} errorText={isRegion ? "" : app.settings.regionInvalid}>
              <Input value={region} onChange={({ detail }) => setRegion(detail.value.trim())} />
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

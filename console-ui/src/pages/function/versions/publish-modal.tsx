// Publishes `$LATEST` as a version.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Form from "@cloudscape-design/components/form";
import FormField from "@cloudscape-design/components/form-field";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Textarea, { type TextareaProps } from "@cloudscape-design/components/textarea";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { functionQuery } from "../../../api/functions";
import { usePublishVersion } from "../../../api/versions";
import { useNotices } from "../../../app/notices";
import { FailureAlert } from "../../../components/failure-alert";
import { useFirstFocus } from "../../../components/first-focus";
import { useMessages } from "../../../i18n/language";
import { useKeptDesk } from "../../../package/desk-store";
import { isUnsaved } from "../../../package/workspace";

const LONGEST_DESCRIPTION = 256;

/** The dialog. */
export function PublishModal({
  name,
  versions,
  onDismiss,
}: {
  name: string;
  /** Those known before. */
  versions: readonly FunctionConfiguration[] | undefined;
  onDismiss: () => void;
}) {
  const first = useFirstFocus<TextareaProps.Ref>();
  const { app, functionVersions } = useMessages();
  const notices = useNotices();
  const latest = useQuery(functionQuery(name));
  const publication = usePublishVersion(name);
  const [desk] = useKeptDesk(name);
  const [description, setDescription] = useState("");
  const isLong = description.length > LONGEST_DESCRIPTION;
  const configuration = latest.data?.Configuration;
  const publish = () =>
    publication.mutate(
      { description, revisionId: configuration?.RevisionId, codeSha256: configuration?.CodeSha256 },
      {
        onSuccess: ({ Version = "" }) => {
          const isOld = versions?.some((known) => known.Version === Version) ?? false;
          if (isOld) notices.info(functionVersions.same(Version));
          else notices.success(functionVersions.published(Version));
          onDismiss();
        },
      },
    );
  const isStale = publication.error?.name === "PreconditionFailedException";
  return (
    <Modal visible header={functionVersions.publishTitle} closeAriaLabel={app.close} onDismiss={onDismiss}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!isLong && !publication.isPending) publish();
        }}
      >
        <Form
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button variant="link" formAction="none" onClick={onDismiss}>
                {app.cancel}
              </Button>
              <Button variant="primary" loading={publication.isPending} disabled={isLong || !configuration}>
                {functionVersions.publish}
              </Button>
            </SpaceBetween>
          }
        >
          <SpaceBetween size="m">
            {isStale ? (
              <Alert type="warning" header={functionVersions.publishFailed}>
                {functionVersions.changed}
              </Alert>
            ) : (
              <FailureAlert error={publication.error ?? latest.error} header={functionVersions.publishFailed} />
            )}
            {desk && isUnsaved(desk.workspace) && <Alert type="warning">{functionVersions.unsaved}</Alert>}
            <Box>{functionVersions.publishHelp}</Box>
            <FormField
              label={
                <>
                  {functionVersions.versionDescription} <i>– {functionVersions.optional}</i>
                </>
              }
              errorText={isLong ? functionVersions.descriptionLong : ""}
            >
              <Textarea value={description} rows={2} ref={first} onChange={({ detail }) => setDescription(detail.value)} />
            </FormField>
          </SpaceBetween>
        </Form>
      </form>
    </Modal>
  );
}

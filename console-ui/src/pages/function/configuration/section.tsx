// What all sections share: the view's frame, the form's frame, and what is shown while a section's data is on its way.
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Form from "@cloudscape-design/components/form";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Spinner from "@cloudscape-design/components/spinner";
import type { UseQueryResult } from "@tanstack/react-query";
import { useEffect, type ReactNode } from "react";
import { FailureAlert } from "../../../components/failure-alert";
import { RouteButton } from "../../../components/route-link";
import { useUnsavedGuard } from "../../../components/unsaved";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { FORM_PARAMETERS, usePlace } from "./address";

/** Whether a version is shown, which nobody can change. */
export function useIsReadOnly(): boolean {
  const { qualifier } = useFunction();
  return qualifier !== undefined && qualifier !== "$LATEST";
}

/** Opens the section's form. */
export function EditButton() {
  const { app, functionConfiguration } = useMessages();
  const { detail } = useFunction();
  const { section, routeOf } = usePlace();
  const isReadOnly = useIsReadOnly();
  const isChanging = detail.Configuration?.State === "Pending" || detail.Configuration?.LastUpdateStatus === "InProgress";
  if (isReadOnly) return null;
  return (
    <RouteButton
      to={routeOf(section, true)}
      {...(isChanging ? { disabled: true, disabledReason: functionConfiguration.updating } : {})}
    >
      {app.edit}
    </RouteButton>
  );
}

/** The frame of a section's view. */
export function SectionView(props: {
  title: string;
  description?: string;
  counter?: string;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={props.description}
          {...(props.counter === undefined ? {} : { counter: props.counter })}
          actions={props.actions}
        >
          {props.title}
        </Header>
      }
    >
      {props.children}
    </Container>
  );
}

/** The state of a form's saving. */
export interface Saving {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly error: unknown;
}

/** The frame of a section's form: saves, asks before typed text is lost, and goes back to the view when it is saved. */
export function SectionForm(props: {
  title: string;
  description?: string;
  isDirty: boolean;
  saving: Saving;
  onSave: () => void;
  saveLabel?: string;
  /** Shown in the place of the failure. */
  conflict?: ReactNode;
  children: ReactNode;
}) {
  const { app, functionConfiguration } = useMessages();
  const { section, routeOf, leaveForm } = usePlace();
  const { isPending, isSuccess, error } = props.saving;
  useUnsavedGuard(props.isDirty && !isSuccess, undefined, FORM_PARAMETERS);
  useEffect(() => {
    if (isSuccess) leaveForm();
  }, [isSuccess, leaveForm]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isPending) props.onSave();
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <RouteButton variant="link" formAction="none" to={routeOf(section)}>
              {app.cancel}
            </RouteButton>
            <Button variant="primary" loading={isPending}>
              {props.saveLabel ?? app.save}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <Container
            header={
              <Header variant="h2" description={props.description}>
                {props.title}
              </Header>
            }
          >
            {props.children}
          </Container>
          {props.conflict || <FailureAlert error={error} header={functionConfiguration.notSaved} />}
        </SpaceBetween>
      </Form>
    </form>
  );
}

/** That the function was changed elsewhere since the form was opened, and a way to save all the same. */
export function ConflictAlert(props: { fields: readonly string[]; isBusy: boolean; onOverwrite: () => void }) {
  const { functionConfiguration } = useMessages();
  return (
    <Alert
      type="warning"
      header={functionConfiguration.notSaved}
      action={
        <Button formAction="none" loading={props.isBusy} onClick={props.onOverwrite}>
          {functionConfiguration.overwrite}
        </Button>
      }
    >
      <Box>{functionConfiguration.changedElsewhere}</Box>
      <Box>
        {props.fields.length > 0 ? functionConfiguration.changedFields(props.fields) : functionConfiguration.changedOther}
      </Box>
    </Alert>
  );
}

/** Shows `children` of what a query brought; until then, that it is on its way, or why it is not coming. */
export function Loaded<T>(props: { query: UseQueryResult<T>; failed: string; children: (data: T) => ReactNode }) {
  const { app } = useMessages();
  const { query } = props;
  return (
    <SpaceBetween size="m">
      {query.isError && (
        <FailureAlert error={query.error} header={props.failed} onRetry={() => void query.refetch()} />
      )}
      {query.data !== undefined && props.children(query.data)}
      {query.isPending && (
        <Box textAlign="center" padding="l">
          <Spinner size="big" /> <Box variant="span">{app.loading}</Box>
        </Box>
      )}
    </SpaceBetween>
  );
}

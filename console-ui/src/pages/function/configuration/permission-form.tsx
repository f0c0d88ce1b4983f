// Adds a statement to a resource-based policy.
import Autosuggest from "@cloudscape-design/components/autosuggest";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import Tiles from "@cloudscape-design/components/tiles";
import { useState } from "react";
import { useAddPermission } from "../../../api/permissions";
import { useNotices } from "../../../app/notices";
import { useMessages } from "../../../i18n/language";
import { Optional } from "./general-form";
import {
  ACTIONS,
  EMPTY_PERMISSION,
  permissionErrors,
  permissionOf,
  SERVICES,
  type Grantee,
  type PermissionDraft,
  type PermissionField,
} from "./policy";
import { SectionForm } from "./section";

const GRANTEES: readonly Grantee[] = ["service", "account", "everyone"];

interface Typing {
  readonly draft: PermissionDraft;
  readonly type: (typed: Partial<PermissionDraft>) => void;
  /** Whether to show that a field is wrong. */
  readonly isWrong: (field: PermissionField) => boolean;
}

/** The form. */
export function PermissionForm(props: { name: string; qualifier: string | undefined; taken: readonly string[] }) {
  const { permissions } = useMessages().functionConfiguration;
  const notices = useNotices();
  const add = useAddPermission(props.name, props.qualifier);
  const [draft, setDraft] = useState(EMPTY_PERMISSION);
  const [isChecked, setIsChecked] = useState(false);
  // Once it is added, the policy has the ID: that is no mistake.
  const errors = permissionErrors(draft, add.isPending || add.isSuccess ? [] : props.taken);
  const typing: Typing = {
    draft,
    type: (typed) => setDraft({ ...draft, ...typed }),
    isWrong: (field) => errors.has(field) && (isChecked || field === "statementIdTaken" || isTyped(draft, field)),
  };
  const save = () => {
    setIsChecked(true);
    if (errors.size > 0) return;
    add.mutate(permissionOf(draft), { onSuccess: () => notices.success(permissions.added(draft.statementId.trim())) });
  };
  return (
    <SectionForm
      title={permissions.addTitle}
      isDirty={JSON.stringify(draft) !== JSON.stringify(EMPTY_PERMISSION)}
      saving={add}
      onSave={save}
    >
      <SpaceBetween size="l">
        <Who {...typing} />
        <StatementId {...typing} />
        <ActionField {...typing} />
        <Narrowing {...typing} />
      </SpaceBetween>
    </SectionForm>
  );
}

/** A field that was left empty is pointed out when the form is sent, not before. */
function isTyped(draft: PermissionDraft, field: PermissionField): boolean {
  return field !== "statementIdTaken" && draft[field].trim() !== "" && field !== "principal";
}

function Who({ draft, type, isWrong }: Typing) {
  const { permissions } = useMessages().functionConfiguration;
  return (
    <SpaceBetween size="l">
      <FormField label={permissions.kind} stretch>
        <Tiles
          columns={3}
          value={draft.grantee}
          onChange={({ detail }) =>
            type({ grantee: GRANTEES.find((grantee) => grantee === detail.value) ?? "service", principal: "" })
          }
          items={GRANTEES.map((value) => ({
            value,
            label: permissions.kinds[value],
            description: permissions.kindHelp[value],
          }))}
        />
      </FormField>
      {draft.grantee === "service" && (
        <FormField
          label={permissions.service}
          description={permissions.serviceHelp}
          errorText={isWrong("principal") ? permissions.serviceInvalid : ""}
        >
          <Autosuggest
            value={draft.principal}
            options={SERVICES.map((value) => ({ value }))}
            enteredTextLabel={permissions.serviceUse}
            onChange={({ detail }) => type({ principal: detail.value })}
          />
        </FormField>
      )}
      {draft.grantee === "account" && (
        <FormField
          label={permissions.account}
          description={permissions.accountHelp}
          errorText={isWrong("principal") ? permissions.principalInvalid : ""}
        >
          <Input value={draft.principal} spellcheck={false} onChange={({ detail }) => type({ principal: detail.value })} />
        </FormField>
      )}
    </SpaceBetween>
  );
}

function StatementId({ draft, type, isWrong }: Typing) {
  const { permissions } = useMessages().functionConfiguration;
  const errorText = isWrong("statementIdTaken")
    ? permissions.statementIdTaken
    : isWrong("statementId")
      ? permissions.statementIdInvalid
      : "";
  return (
    <FormField
      label={permissions.statementId}
      description={permissions.statementIdHelp}
      constraintText={errorText ? "" : permissions.statementIdInvalid}
      errorText={errorText}
    >
      <Input value={draft.statementId} spellcheck={false} onChange={({ detail }) => type({ statementId: detail.value })} />
    </FormField>
  );
}

function ActionField({ draft, type }: Typing) {
  const { permissions } = useMessages().functionConfiguration;
  return (
    <FormField label={permissions.action}>
      <Select
        options={ACTIONS.map((value) => ({ value, label: value }))}
        selectedOption={{ value: draft.action, label: draft.action }}
        onChange={({ detail }) => type({ action: detail.selectedOption.value ?? ACTIONS[0] })}
      />
    </FormField>
  );
}

function Narrowing({ draft, type, isWrong }: Typing) {
  const { permissions } = useMessages().functionConfiguration;
  return (
    <SpaceBetween size="l">
      <FormField
        label={<Optional text={permissions.sourceArn} />}
        description={permissions.sourceArnHelp}
        errorText={isWrong("sourceArn") ? permissions.arnInvalid : ""}
      >
        <Input value={draft.sourceArn} spellcheck={false} onChange={({ detail }) => type({ sourceArn: detail.value })} />
      </FormField>
      <FormField
        label={<Optional text={permissions.sourceAccount} />}
        description={permissions.sourceAccountHelp}
        errorText={isWrong("sourceAccount") ? permissions.accountInvalid : ""}
      >
        <Input
          inputMode="numeric"
          value={draft.sourceAccount}
          onChange={({ detail }) => type({ sourceAccount: detail.value })}
        />
      </FormField>
      <FormField
        label={<Optional text={permissions.organization} />}
        errorText={isWrong("organization") ? permissions.organizationInvalid : ""}
      >
        <Input value={draft.organization} spellcheck={false} onChange={({ detail }) => type({ organization: detail.value })} />
      </FormField>
    </SpaceBetween>
  );
}

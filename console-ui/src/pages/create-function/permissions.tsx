// The execution role: made for the function, chosen from the account's, or any by its ARN.
import Container from "@cloudscape-design/components/container";
import FormField from "@cloudscape-design/components/form-field";
import Header from "@cloudscape-design/components/header";
import Input from "@cloudscape-design/components/input";
import RadioGroup from "@cloudscape-design/components/radio-group";
import Select from "@cloudscape-design/components/select";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { failureOf } from "../../api/errors";
import { rolesQuery } from "../../api/roles";
import type { Draft } from "../../creation/draft";
import { useMessages } from "../../i18n/language";
import type { Form } from "./form";

/** The question. */
export function Permissions({ form }: { form: Form }) {
  const { createFunction } = useMessages();
  const words = createFunction.permissions;
  const { draft, type, errorOf } = form;
  return (
    <Container header={<Header variant="h2" description={words.help}>{words.title}</Header>}>
      <SpaceBetween size="l">
        <FormField label={words.role} errorText={draft.roleKind === "new" ? errorOf("role") : ""}>
          <RadioGroup
            value={draft.roleKind}
            onChange={({ detail }) => type({ roleKind: detail.value as Draft["roleKind"] })}
            items={[
              { value: "new", label: words.kinds.new, description: words.kinds.newHelp(draft.name.trim() || createFunction.basic.namePlaceholder) },
              { value: "existing", label: words.kinds.existing },
              { value: "arn", label: words.kinds.arn },
            ]}
          />
        </FormField>
        {draft.roleKind === "existing" && <ExistingRole form={form} />}
        {draft.roleKind === "arn" && (
          <FormField label={words.arn} errorText={errorOf("role")}>
            <Input
              value={draft.role}
              placeholder="arn:aws:iam::123456789012:role/my-role"
              spellcheck={false}
              onChange={({ detail }) => type({ role: detail.value })}
            />
          </FormField>
        )}
      </SpaceBetween>
    </Container>
  );
}

function ExistingRole({ form }: { form: Form }) {
  const { app, createFunction } = useMessages();
  const words = createFunction.permissions;
  const roles = useQuery(rolesQuery);
  const options = (roles.data ?? []).map(({ RoleName, Arn, Description }) => ({
    value: Arn ?? "",
    label: RoleName ?? "",
    description: Description || Arn || "",
  }));
  const { role } = form.draft;
  const failed = roles.isError ? `${words.rolesFailed} (${failureOf(roles.error).message})` : "";
  return (
    <FormField label={words.existing} errorText={failed || form.errorOf("role")}>
      <Select
        selectedOption={options.find(({ value }) => value === role) ?? (role ? { value: role, label: role } : null)}
        options={options}
        placeholder={words.choose}
        filteringType="auto"
        filteringPlaceholder={app.search}
        filteringAriaLabel={app.search}
        empty={words.noRoles}
        statusType={roles.isPending ? "loading" : roles.isError ? "error" : "finished"}
        loadingText={app.loading}
        errorText={words.rolesFailed}
        recoveryText={app.retry}
        onLoadItems={() => void (roles.isError && roles.refetch())}
        onChange={({ detail }) => form.type({ role: detail.selectedOption.value ?? "" })}
      />
    </FormField>
  );
}

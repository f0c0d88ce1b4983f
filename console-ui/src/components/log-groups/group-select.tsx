// Selects log groups, some at most.
import FormField from "@cloudscape-design/components/form-field";
import Multiselect from "@cloudscape-design/components/multiselect";
import { useQuery } from "@tanstack/react-query";
import { logGroupsQuery } from "../../api/log-groups";
import { useMessages } from "../../i18n/language";

interface GroupSelectProps {
  readonly groups: readonly string[];
  readonly onChange: (groups: readonly string[]) => void;
  readonly most: number;
  /** What is said when more are selected. */
  readonly tooMany: string;
  readonly placeholder: string;
}

/** The field. */
export function GroupSelect({ groups, onChange, most, tooMany, placeholder }: GroupSelectProps) {
  const { app, liveTail } = useMessages();
  const { data, isPending, isError, refetch } = useQuery(logGroupsQuery);
  const option = (name: string) => ({ value: name, label: name });
  return (
    <FormField label={liveTail.groups} stretch errorText={groups.length > most ? tooMany : ""}>
      <Multiselect
        selectedOptions={groups.map(option)}
        options={(data ?? []).map(({ logGroupName = "" }) => option(logGroupName))}
        onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value }) => value ?? ""))}
        placeholder={placeholder}
        filteringType="auto"
        filteringAriaLabel={liveTail.groupsFilter}
        filteringPlaceholder={liveTail.groupsFilter}
        statusType={isPending ? "loading" : isError ? "error" : "finished"}
        loadingText={app.loading}
        errorText={liveTail.groupsFailed}
        recoveryText={app.retry}
        onLoadItems={() => isError && void refetch()}
        empty={liveTail.groupsEmpty}
        noMatch={app.noMatch}
        deselectAriaLabel={({ label }) => `${app.remove} ${label}`}
        tokenLimit={4}
      />
    </FormField>
  );
}

// Chooses how long a log group keeps its events, among AWS's periods.
import FormField from "@cloudscape-design/components/form-field";
import Select from "@cloudscape-design/components/select";
import { RETENTION_DAYS } from "../../api/log-groups";
import { useMessages } from "../../i18n/language";

/** The field; `days` is absent for never to expire. */
export function RetentionField({ days, onChange }: { days: number | undefined; onChange: (days: number | undefined) => void }) {
  const { logs } = useMessages();
  const option = (days: number | undefined) => ({
    value: String(days ?? "never"),
    label: days === undefined ? logs.groups.never : logs.groups.days(days),
  });
  return (
    <FormField label={logs.groups.retention} description={logs.groups.retentionHelp}>
      <Select
        selectedOption={option(days)}
        options={[option(undefined), ...RETENTION_DAYS.map(option)]}
        onChange={({ detail: { selectedOption } }) =>
          onChange(selectedOption.value === "never" ? undefined : Number(selectedOption.value))
        }
      />
    </FormField>
  );
}

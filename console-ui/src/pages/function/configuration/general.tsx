// General configuration: what the function is given to run with.
import Box from "@cloudscape-design/components/box";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { GeneralForm } from "./general-form";
import { EditButton, SectionView, useIsReadOnly } from "./section";

/** The section. */
export function General() {
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  return isEditing && !isReadOnly ? <GeneralForm /> : <GeneralView />;
}

function GeneralView() {
  const { app, functionConfiguration } = useMessages();
  const format = useFormat();
  const { detail } = useFunction();
  const configuration = detail.Configuration ?? {};
  const { general, sections } = functionConfiguration;
  const mb = (value: number | undefined) => `${format.number(value)} ${app.units.mb}`;
  const timeout = configuration.Timeout ?? 0;
  return (
    <SectionView title={sections.general} actions={<EditButton />}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: general.description, value: configuration.Description || "–" },
          { label: general.memory, value: mb(configuration.MemorySize) },
          { label: general.storage, value: mb(configuration.EphemeralStorage?.Size) },
          { label: general.timeout, value: general.timeoutValue(Math.floor(timeout / 60), timeout % 60) },
          { label: general.runtime, value: configuration.Runtime ?? "–" },
          { label: general.handler, value: <Breakable text={configuration.Handler} /> },
          { label: general.role, value: <Breakable text={configuration.Role} /> },
          { label: general.architecture, value: configuration.Architectures?.join(", ") ?? "–" },
        ]}
      />
    </SectionView>
  );
}

function Breakable({ text }: { text: string | undefined }) {
  return (
    <Box>
      <span style={{ overflowWrap: "anywhere" }}>{text || "–"}</span>
    </Box>
  );
}

// Reserved concurrency: what the function always has, and at most.
import Alert from "@cloudscape-design/components/alert";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import KeyValuePairs from "@cloudscape-design/components/key-value-pairs";
import RadioGroup from "@cloudscape-design/components/radio-group";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { accountQuery, concurrencyQuery, useReserveConcurrency } from "../../../api/concurrency";
import { useNotices } from "../../../app/notices";
import { useFormat } from "../../../i18n/format";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";
import { mostReservable, reservationOf } from "./reservation";
import { EditButton, Loaded, SectionForm, SectionView, useIsReadOnly } from "./section";

/** What the section shows. */
interface Figures {
  /** What the function has reserved. */
  readonly reserved: number | null;
  /** What nobody has reserved. */
  readonly unreserved: number;
  readonly account: number;
}

/** The section. */
export function Concurrency() {
  const { concurrency, sections } = useMessages().functionConfiguration;
  const { name } = useFunction();
  const { isEditing } = usePlace();
  const isReadOnly = useIsReadOnly();
  const reserved = useQuery(concurrencyQuery(name));
  const account = useQuery(accountQuery);
  const limit = account.data?.AccountLimit;
  const figures: Figures | undefined =
    reserved.data !== undefined && limit
      ? {
          reserved: reserved.data,
          unreserved: limit.UnreservedConcurrentExecutions ?? 0,
          account: limit.ConcurrentExecutions ?? 0,
        }
      : undefined;
  if (isEditing && !isReadOnly && figures) return <ConcurrencyForm figures={figures} />;
  return (
    <SectionView title={sections.concurrency} description={concurrency.description} actions={figures && <EditButton />}>
      <Loaded query={reserved} failed={concurrency.failed}>
        {() => (
          <Loaded query={account} failed={concurrency.failed}>
            {() => figures && <ConcurrencyView figures={figures} />}
          </Loaded>
        )}
      </Loaded>
    </SectionView>
  );
}

function ConcurrencyView({ figures }: { figures: Figures }) {
  const { concurrency } = useMessages().functionConfiguration;
  const format = useFormat();
  const { reserved, unreserved, account } = figures;
  return (
    <SpaceBetween size="m">
      {reserved === 0 && <Alert type="warning">{concurrency.throttled}</Alert>}
      <KeyValuePairs
        columns={3}
        items={[
          {
            label: reserved === null ? concurrency.function : concurrency.reserved,
            value: reserved === null ? concurrency.unreservedUse : format.number(reserved),
          },
          { label: concurrency.unreserved, value: format.number(unreserved) },
          { label: concurrency.account, value: format.number(account) },
        ]}
      />
    </SpaceBetween>
  );
}

function ConcurrencyForm({ figures }: { figures: Figures }) {
  const { functionConfiguration } = useMessages();
  const { concurrency, sections, saved } = functionConfiguration;
  const format = useFormat();
  const notices = useNotices();
  const { name } = useFunction();
  const change = useReserveConcurrency(name);
  const [opened] = useState(figures.reserved);
  const [isReserved, setIsReserved] = useState(opened !== null);
  const [typed, setTyped] = useState(opened === null ? "" : String(opened));
  const most = mostReservable(figures.unreserved, figures.reserved);
  const reservation = reservationOf(typed, most);
  const isRight = !isReserved || reservation !== undefined;
  const save = () => {
    if (!isRight) return;
    const wanted = isReserved ? (reservation ?? null) : null;
    change.mutate(wanted, { onSuccess: () => notices.success(saved(sections.concurrency, name)) });
  };
  const left = figures.unreserved + (figures.reserved ?? 0) - (isReserved ? (reservation ?? 0) : 0);
  return (
    <SectionForm
      title={sections.concurrency}
      description={concurrency.description}
      isDirty={isReserved !== (opened !== null) || (isReserved && typed !== String(opened))}
      saving={change}
      onSave={save}
    >
      <SpaceBetween size="m">
        <RadioGroup
          ariaLabel={sections.concurrency}
          value={isReserved ? "reserved" : "unreserved"}
          onChange={({ detail }) => setIsReserved(detail.value === "reserved")}
          items={[
            { value: "unreserved", label: concurrency.unreservedUse, description: concurrency.unreservedHelp },
            { value: "reserved", label: concurrency.reservedUse, description: concurrency.reservedHelp },
          ]}
        />
        {isReserved && (
          <FormField
            label={concurrency.reserved}
            errorText={typed !== "" && !isRight ? concurrency.range(most) : ""}
            warningText={reservation === 0 ? concurrency.zero : ""}
            constraintText={typed === "" ? concurrency.range(most) : isRight ? concurrency.left(format.number(left)) : ""}
          >
            <Input type="number" inputMode="numeric" value={typed} onChange={({ detail }) => setTyped(detail.value)} />
          </FormField>
        )}
      </SpaceBetween>
    </SectionForm>
  );
}

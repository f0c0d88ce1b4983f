// Which invocations are listed: function, status, order and time, and the way to one by its request id. All of it is in the address.
import Button from "@cloudscape-design/components/button";
import Input from "@cloudscape-design/components/input";
import Select from "@cloudscape-design/components/select";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { functionsQuery } from "../../api/functions";
import { RangePicker } from "../../components/log-events/range-picker";
import { useMessages } from "../../i18n/language";
import type { Range } from "../../log/range";

const STATUSES = ["all", "failed"] as const;
const ORDERS = ["recent", "expensive"] as const;

/** The choice. */
export interface Chosen {
  readonly function: string;
  readonly status: (typeof STATUSES)[number];
  readonly order: (typeof ORDERS)[number];
  readonly range: Range;
}

/** The filters. */
export function Filters({ chosen, onChange }: { chosen: Chosen; onChange: (next: Partial<Chosen>) => void }) {
  const { app, invocations } = useMessages();
  const { data } = useQuery(functionsQuery);
  const every = { value: "", label: invocations.allFunctions };
  const names = new Set([...(data ?? []).map(({ FunctionName = "" }) => FunctionName), chosen.function].filter(Boolean));
  const functions = [...names].sort().map((value) => ({ value, label: value }));
  const status = (value: Chosen["status"]) => ({ value, label: invocations.statusOptions[value] });
  const order = (value: Chosen["order"]) => ({ value, label: invocations.orderOptions[value] });
  return (
    <div className="log-tools">
      <div style={{ minInlineSize: 200 }}>
        <Select
          ariaLabel={invocations.function}
          selectedOption={functions.find(({ value }) => value === chosen.function) ?? every}
          options={[every, ...functions]}
          filteringType="auto"
          filteringAriaLabel={app.search}
          onChange={({ detail }) => onChange({ function: detail.selectedOption.value ?? "" })}
        />
      </div>
      <Select
        ariaLabel={invocations.status}
        selectedOption={status(chosen.status)}
        options={STATUSES.map(status)}
        onChange={({ detail }) => onChange({ status: detail.selectedOption.value as Chosen["status"] })}
      />
      <Select
        ariaLabel={invocations.order}
        selectedOption={order(chosen.order)}
        options={ORDERS.map(order)}
        onChange={({ detail }) => onChange({ order: detail.selectedOption.value as Chosen["order"] })}
      />
      <RangePicker range={chosen.range} onChange={(range) => onChange({ range })} offered={["1h", "12h", "1d", "1w"]} />
      <OpenRequest />
    </div>
  );
}

function OpenRequest() {
  const { invocations } = useMessages();
  const navigate = useNavigate();
  const [id, setId] = useState("");
  return (
    <form
      className="log-pattern"
      style={{ flex: "0 1 420px" }}
      onSubmit={(event) => {
        event.preventDefault();
        if (id.trim()) void navigate(`/invocations/${encodeURIComponent(id.trim())}`);
      }}
    >
      <Input value={id} placeholder={invocations.requestId} ariaLabel={invocations.requestId} onChange={({ detail }) => setId(detail.value)} />
      <Button iconName="arrow-right" ariaLabel={invocations.open} disabled={!id.trim()} />
    </form>
  );
}

// Chooses the time range of a log view: one of AWS's relative ones by one click, or two times.
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import SegmentedControl from "@cloudscape-design/components/segmented-control";
import { useMessages } from "../../i18n/language";
import type { Range, Relative } from "../../log/range";

const HOUR_MS = 3_600_000;

interface RangePickerProps {
  readonly range: Range;
  readonly onChange: (range: Range) => void;
  /** The relative ranges offered. */
  readonly offered?: readonly Relative[];
  /** Offers no range at all, too. */
  readonly hasAll?: boolean;
}

/** The picker. */
export function RangePicker({ range, onChange, offered = ["1m", "30m", "1h", "12h"], hasAll = true }: RangePickerProps) {
  const { logs } = useMessages();
  const words = logs.range;
  const selected = range.kind === "relative" ? range.last : range.kind === "all" ? "all" : "custom";
  const choose = (id: string) => {
    const now = Date.now();
    if (id === "all") onChange({ kind: "all" });
    else if (id === "custom") onChange({ kind: "absolute", from: now - HOUR_MS, to: now });
    else onChange({ kind: "relative", last: id as Relative });
  };
  // A range that is in the address only is offered too, so that it can be seen.
  const shown = range.kind === "relative" && !offered.includes(range.last) ? [...offered, range.last] : offered;
  return (
    <div className="log-tools">
      <SegmentedControl
        label={words.label}
        selectedId={selected}
        onChange={({ detail }) => choose(detail.selectedId)}
        options={[
          ...(hasAll ? [{ id: "all", text: words.all }] : []),
          ...shown.map((id) => ({ id, text: words.last[id] })),
          { id: "custom", text: words.custom },
        ]}
      />
      {range.kind === "absolute" && <Custom range={range} onChange={onChange} />}
    </div>
  );
}

function Custom({ range, onChange }: { range: Extract<Range, { kind: "absolute" }>; onChange: (range: Range) => void }) {
  const { logs } = useMessages();
  const words = logs.range;
  return (
    <DateRangePicker
      value={{ type: "absolute", startDate: new Date(range.from).toISOString(), endDate: new Date(range.to).toISOString() }}
      relativeOptions={[]}
      rangeSelectorMode="absolute-only"
      showClearButton={false}
      hideTimeOffset
      placeholder={words.custom}
      i18nStrings={{ ariaLabel: words.custom }}
      isValidRange={(value) => validate(value, words.incomplete, words.backwards)}
      onChange={({ detail: { value } }) => {
        if (value?.type !== "absolute") return;
        onChange({ kind: "absolute", from: new Date(value.startDate).getTime(), to: new Date(value.endDate).getTime() });
      }}
    />
  );
}

function validate(value: DateRangePickerProps.Value | null, incomplete: string, backwards: string): DateRangePickerProps.ValidationResult {
  if (value?.type !== "absolute" || !value.startDate.includes("T") || !value.endDate.includes("T")) {
    return { valid: false, errorMessage: incomplete };
  }
  const isForward = new Date(value.startDate).getTime() <= new Date(value.endDate).getTime();
  return isForward ? { valid: true } : { valid: false, errorMessage: backwards };
}

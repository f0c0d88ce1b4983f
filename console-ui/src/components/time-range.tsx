// Chooses the time that a page shows, and how often it refreshes.
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import DateRangePicker, { type DateRangePickerProps } from "@cloudscape-design/components/date-range-picker";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { isRange, parseRange, PRESETS, writeRange, type RangeUnit, type TimeRange } from "../chart/range";
import { useMessages } from "../i18n/language";
import { REFRESHES, type Refresh, type TimeRangeState } from "./use-time-range";

const UNITS: RangeUnit[] = ["minute", "hour", "day", "week"];

/** The controls. */
export function TimeRangeControl({ state, isBusy, onRefresh }: { state: TimeRangeState; isBusy: boolean; onRefresh: () => void }) {
  const { chart } = useMessages();
  const { short, options, label, now } = chart.refresh;
  return (
    <SpaceBetween direction="horizontal" size="xs" alignItems="center">
      <RangePicker range={state.range} onChange={state.setRange} />
      <ButtonDropdown
        ariaLabel={label}
        mainAction={{ iconName: "refresh", ariaLabel: now, text: short[state.refreshS], loading: isBusy, onClick: onRefresh }}
        items={REFRESHES.map((seconds) => ({
          id: String(seconds),
          text: options[seconds],
          itemType: "checkbox" as const,
          checked: seconds === state.refreshS,
        }))}
        onItemClick={({ detail }) => state.setRefresh(Number(detail.id) as Refresh)}
      />
    </SpaceBetween>
  );
}

function RangePicker({ range, onChange }: { range: TimeRange; onChange: (range: TimeRange) => void }) {
  const { chart } = useMessages();
  const words = chart.range;
  return (
    <DateRangePicker
      ariaLabel={words.label}
      placeholder={words.placeholder}
      value={valueOf(range)}
      relativeOptions={PRESETS.map((key) => ({ key, ...(valueOf(parseRange(key)!) as DateRangePickerProps.RelativeValue) }))}
      customRelativeRangeUnits={UNITS}
      showClearButton={false}
      hideTimeOffset
      absoluteFormat="long-localized"
      isValidRange={(value) => {
        const errorMessage = fault(value, words);
        return errorMessage === undefined ? { valid: true } : { valid: false, errorMessage };
      }}
      onChange={({ detail }) => {
        const chosen = rangeOf(detail.value);
        if (chosen && isRange(chosen)) onChange(chosen);
      }}
    />
  );
}

function valueOf(range: TimeRange): DateRangePickerProps.Value {
  if (range.kind === "relative") return { type: "relative", key: writeRange(range), amount: range.amount, unit: range.unit };
  const [startDate, endDate] = [range.from, range.to].map((time) => new Date(time).toISOString());
  return { type: "absolute", startDate: startDate!, endDate: endDate! };
}

function rangeOf(value: DateRangePickerProps.Value | null): TimeRange | undefined {
  if (!value) return undefined;
  if (value.type === "absolute") return { kind: "absolute", from: Date.parse(value.startDate), to: Date.parse(value.endDate) };
  const unit = UNITS.find((unit) => unit === value.unit);
  return unit && { kind: "relative", amount: value.amount, unit };
}

type Words = ReturnType<typeof useMessages>["chart"]["range"];

function fault(value: DateRangePickerProps.Value | null, words: Words): string | undefined {
  if (!value) return words.none;
  const range = rangeOf(value);
  if (!range || (range.kind === "relative" && !(range.amount > 0))) return words.incomplete;
  if (range.kind === "absolute") {
    if (Number.isNaN(range.from) || Number.isNaN(range.to)) return words.incomplete;
    if (range.to <= range.from) return words.backwards;
    if (range.from > Date.now()) return words.future;
  }
  return isRange(range) ? undefined : words.tooLong;
}

// The head of a log search: filter pattern, time range, and asking anew.
import Button from "@cloudscape-design/components/button";
import { failureOf } from "../../api/errors";
import { useMessages } from "../../i18n/language";
import type { LogSearch } from "./log-search";
import { PatternBox } from "./pattern-box";
import { RangePicker } from "./range-picker";

interface SearchBarProps {
  readonly search: LogSearch;
  readonly onChange: (next: Partial<LogSearch>) => void;
  /** What went wrong with the search in force. */
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Starts the search over. */
  readonly onRefresh: () => void;
}

/** The bar. */
export function SearchBar({ search, onChange, error, isLoading, onRefresh }: SearchBarProps) {
  const { app } = useMessages();
  return (
    <div className="log-tools">
      <PatternBox value={search.filter} onApply={(filter) => onChange({ filter })} error={patternError(search, error)} />
      <RangePicker range={search.range} onChange={(range) => onChange({ range })} />
      <Button iconName="refresh" ariaLabel={app.refresh} loading={isLoading} onClick={onRefresh} />
    </div>
  );
}

/** What the server says against the pattern, when it is the pattern that it refused. */
export function patternError({ filter }: LogSearch, error: unknown): string | undefined {
  if (!error || filter === "") return undefined;
  const { kind, message } = failureOf(error);
  return kind === "invalid" ? message : undefined;
}

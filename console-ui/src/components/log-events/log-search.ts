// What a page of logs searches for, as the address has it: filter pattern, request, time range.
import { useCallback, useMemo } from "react";
import { useSearchParams } from "react-router";
import { boundsOf, readRange, writeRange, type Bounds, type Range } from "../../log/range";

/** The search in the address. */
export interface LogSearch {
  /** A filter pattern of CloudWatch Logs; empty for none. */
  readonly filter: string;
  readonly requestId: string | undefined;
  readonly range: Range;
}

/** The search, how to change it (the step back undoes it), and its range's times as of now. */
export function useLogSearch(otherwise: Range): { search: LogSearch; change: (next: Partial<LogSearch>) => void; boundsNow: () => Bounds } {
  const [params, setParams] = useSearchParams();
  const search = useMemo<LogSearch>(
    () => ({
      filter: params.get("filter") ?? "",
      requestId: params.get("requestId") ?? undefined,
      range: readRange(params, otherwise),
    }),
    [params, otherwise],
  );
  const change = useCallback(
    (next: Partial<LogSearch>) =>
      setParams((params) => {
        const changed = new URLSearchParams(params);
        if (next.filter !== undefined) set(changed, "filter", next.filter);
        if ("requestId" in next) set(changed, "requestId", next.requestId ?? "");
        if (next.range) writeRange(changed, next.range);
        return changed;
      }),
    [setParams],
  );
  const { range } = search;
  const boundsNow = useCallback(() => boundsOf(range, Date.now()), [range]);
  return { search, change, boundsNow };
}

function set(params: URLSearchParams, name: string, value: string): void {
  if (value) params.set(name, value);
  else params.delete(name);
}

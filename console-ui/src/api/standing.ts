// How a query stands for its page. react-query forgets the failure of a query without data as soon as it asks again, so a page that
// asks every few seconds would go back and forth between "loading" and the failure while the server is away.
import type { UseQueryResult } from "@tanstack/react-query";
import { useState } from "react";

/** What a page shows of a query beside its data. */
export interface Standing {
  /** What failed last; of a query without data from the first try on, and until one succeeds. */
  readonly error: Error | null;
  /** True while nothing is known yet: neither data nor a failure. */
  readonly isPending: boolean;
}

/** How `query` stands. */
export function useStanding(query: UseQueryResult): Standing {
  const [kept, setKept] = useState<Error | null>(null);
  const error = query.data === undefined ? (query.error ?? query.failureReason ?? kept) : query.error;
  if (error !== kept) setKept(error);
  return { error, isPending: query.isPending && !error };
}

// How the console asks the server: cached, retried while the server is away, and never from a hidden page.
import { QueryClient } from "@tanstack/react-query";
import { isPassing } from "../api/errors";

const MOST_RETRIES = 3;
const LONGEST_PAUSE_MS = 8_000;

/**
 * The cache of all queries. Give a query that watches something a `refetchInterval`: it pauses while the page is hidden
 * (react-query's own default), and goes on through failures, so a server that comes back is seen.
 */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        // hearth may be on this machine, which `navigator.onLine` knows nothing of.
        networkMode: "always",
        retry: (failures, error) => isPassing(error) && failures < MOST_RETRIES,
        retryDelay: (failures) => Math.min(LONGEST_PAUSE_MS, 500 * 2 ** failures),
      },
      mutations: { networkMode: "always", retry: false },
    },
  });
}

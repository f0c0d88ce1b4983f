// The account's limits and what it uses of them.
import { GetAccountSettingsCommand } from "@aws-sdk/client-lambda";
import { queryOptions } from "@tanstack/react-query";
import { lambda } from "./lambda";

/** GetAccountSettings. */
export const accountQuery = queryOptions({
  queryKey: ["account"],
  queryFn: ({ signal }) => lambda().send(new GetAccountSettingsCommand({}), { abortSignal: signal }),
  staleTime: 10_000,
});

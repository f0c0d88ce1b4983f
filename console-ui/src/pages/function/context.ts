// What the frame of a function's page gives to its tabs.
import type { GetFunctionCommandOutput } from "@aws-sdk/client-lambda";
import { useOutletContext } from "react-router";

/** The function that the page shows. */
export interface FunctionContext {
  readonly name: string;
  /** A version or alias; absent for `$LATEST`. */
  readonly qualifier: string | undefined;
  /** GetFunction's answer, kept fresh while the function changes. */
  readonly detail: GetFunctionCommandOutput;
}

/** The function that the page shows, in a tab. */
export function useFunction(): FunctionContext {
  return useOutletContext<FunctionContext>();
}

// What hearth keeps of a function's invocations beside their figures: events and responses, and which keys are redacted.
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { hearth } from "./hearth";

/** A function's recording setting. */
export interface Recording {
  readonly keepEvents: boolean;
  /** JSON keys, at any depth and in any case, whose values are replaced before anything is kept. */
  readonly redactKeys: readonly string[];
}

const path = (name: string) => `functions/${encodeURIComponent(name)}/recording`;

/** A function's recording setting. */
export const recordingQuery = (name: string) =>
  queryOptions({
    queryKey: [...functionKeys.one(name), "recording"],
    queryFn: ({ signal }) => hearth<Recording>(path(name), { signal }),
  });

/** Changes the setting, for invocations from now on. */
export function useChangeRecording(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (recording: Recording) => hearth<Recording>(path(name), { method: "PUT", body: recording }),
    onSuccess: (recording) => cache.setQueryData(recordingQuery(name).queryKey, recording),
  });
}

// Changes a function's configuration.
import {
  UpdateFunctionConfigurationCommand,
  type GetFunctionCommandOutput,
  type UpdateFunctionConfigurationCommandInput,
} from "@aws-sdk/client-lambda";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";

/** What may be changed; what is absent stays as it is. */
export type ConfigurationChange = Omit<UpdateFunctionConfigurationCommandInput, "FunctionName">;

/**
 * Changes the configuration of `$LATEST`. Give the `RevisionId` that the change was made on: a function that was changed elsewhere
 * meanwhile is then left as it is. The answer is in the cache at once, so that pages follow the update.
 */
export function useUpdateConfiguration(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (change: ConfigurationChange) =>
      lambda().send(new UpdateFunctionConfigurationCommand({ FunctionName: name, ...change })),
    onSuccess: ({ $metadata: _, ...configuration }) => {
      cache.setQueryData<GetFunctionCommandOutput>(
        functionKeys.detail(name),
        (detail) => detail && { ...detail, Configuration: configuration },
      );
      return cache.invalidateQueries({ queryKey: functionKeys.list });
    },
    // Not waited for: a server that is away would keep the failure from being shown.
    onError: () => void cache.invalidateQueries({ queryKey: functionKeys.detail(name) }),
  });
}

// Resource-based policies: who may call a function, version or alias from outside of its account.
import { AddPermissionCommand, GetPolicyCommand, RemovePermissionCommand, type AddPermissionCommandInput } from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { isGone } from "./errors";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";

/** A policy's JSON text, and the revision to change it by; neither when there is no policy. */
export interface KeptPolicy {
  readonly text: string | undefined;
  readonly revisionId: string | undefined;
}

const policyKey = (name: string, qualifier?: string) => [...functionKeys.one(name), "policy", qualifier ?? "$LATEST"] as const;

const of = (name: string, qualifier?: string) => ({ FunctionName: name, ...(qualifier ? { Qualifier: qualifier } : {}) });

/** The policy of a function, or of one of its versions or aliases. */
export const policyQuery = (name: string, qualifier?: string) =>
  queryOptions({
    queryKey: policyKey(name, qualifier),
    queryFn: async ({ signal }): Promise<KeptPolicy> => {
      try {
        const answer = await lambda().send(new GetPolicyCommand(of(name, qualifier)), { abortSignal: signal });
        return { text: answer.Policy, revisionId: answer.RevisionId };
      } catch (error) {
        // A function without a policy answers as one that is not there.
        if (isGone(error)) return { text: undefined, revisionId: undefined };
        throw error;
      }
    },
  });

/** Adds a statement. */
export function useAddPermission(name: string, qualifier?: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (permission: Omit<AddPermissionCommandInput, "FunctionName" | "Qualifier">) =>
      lambda().send(new AddPermissionCommand({ ...of(name, qualifier), ...permission })),
    onSuccess: () => cache.invalidateQueries({ queryKey: policyKey(name, qualifier) }),
    onError: () => void cache.invalidateQueries({ queryKey: policyKey(name, qualifier) }),
  });
}

/** Removes the statement with an id. */
export function useRemovePermission(name: string, qualifier?: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (statementId: string) =>
      lambda().send(new RemovePermissionCommand({ ...of(name, qualifier), StatementId: statementId })),
    onSuccess: () => cache.invalidateQueries({ queryKey: policyKey(name, qualifier) }),
    onError: () => void cache.invalidateQueries({ queryKey: policyKey(name, qualifier) }),
  });
}

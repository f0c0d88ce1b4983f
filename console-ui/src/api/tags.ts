// A function's tags.
import { ListTagsCommand, TagResourceCommand, UntagResourceCommand } from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";

/** Tags by key. */
export type Tags = Readonly<Record<string, string>>;

/** What makes one set of tags another. */
export interface TagChange {
  readonly set: Tags;
  readonly removed: readonly string[];
}

const tagsKey = (name: string) => [...functionKeys.one(name), "tags"] as const;

/** The tags of a function, by its unqualified ARN. */
export const tagsQuery = (name: string, arn: string) =>
  queryOptions({
    queryKey: tagsKey(name),
    queryFn: async ({ signal }): Promise<Tags> =>
      (await lambda().send(new ListTagsCommand({ Resource: arn }), { abortSignal: signal })).Tags ?? {},
  });

/** Changes tags: first what goes, so that there is room, then what comes. */
export function useChangeTags(name: string, arn: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: async ({ set, removed }: TagChange) => {
      if (removed.length > 0) await lambda().send(new UntagResourceCommand({ Resource: arn, TagKeys: [...removed] }));
      if (Object.keys(set).length > 0) await lambda().send(new TagResourceCommand({ Resource: arn, Tags: set }));
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: tagsKey(name) }),
    onSettled: () => void cache.invalidateQueries({ queryKey: functionKeys.one(name) }),
  });
}

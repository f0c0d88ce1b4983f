// A function's aliases: queries, commands, and what an alias may be.
import {
  CreateAliasCommand,
  DeleteAliasCommand,
  paginateListAliases,
  UpdateAliasCommand,
  type AliasConfiguration,
} from "@aws-sdk/client-lambda";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { functionKeys } from "./functions";
import { lambda } from "./lambda";
import { LATEST } from "./versions";

/** More aliases than a browser's table serves well. */
export const MOST_ALIASES = 5_000;
const LONGEST_NAME = 128;
const LONGEST_DESCRIPTION = 256;

const aliasesKey = (name: string) => [...functionKeys.one(name), "aliases"] as const;

/** All aliases of a function, by name, at most `MOST_ALIASES`. */
export const aliasesQuery = (name: string) =>
  queryOptions({
    queryKey: aliasesKey(name),
    queryFn: async ({ signal }) => {
      const found: AliasConfiguration[] = [];
      for await (const page of paginateListAliases({ client: lambda(), pageSize: 50 }, { FunctionName: name })) {
        signal.throwIfAborted();
        found.push(...(page.Aliases ?? []));
        if (found.length >= MOST_ALIASES) break;
      }
      return found;
    },
  });

/** An alias as a form has it. */
export interface AliasForm {
  readonly name: string;
  readonly description: string;
  readonly version: string;
  /** The second version; empty for none. */
  readonly secondVersion: string;
  /** The second version's share of the calls, percent, as typed. */
  readonly percent: string;
}

/** What is wrong with a form's fields. */
export interface AliasFaults {
  readonly name?: "empty" | "pattern" | "number" | "long";
  readonly description?: "long";
  readonly version?: "empty";
  readonly secondVersion?: "latest" | "same";
  readonly percent?: "range";
}

/** What is wrong with a form. */
export function aliasFaults(form: AliasForm): AliasFaults {
  const { name, version, secondVersion, percent } = form;
  const share = percent.trim() === "" ? NaN : Number(percent);
  return {
    ...(name === ""
      ? { name: "empty" as const }
      : name.length > LONGEST_NAME
        ? { name: "long" as const }
        : /^\d+$/.test(name)
          ? { name: "number" as const }
          : !/^[a-zA-Z0-9-_]+$/.test(name)
            ? { name: "pattern" as const }
            : {}),
    ...(form.description.length > LONGEST_DESCRIPTION ? { description: "long" as const } : {}),
    ...(version === "" ? { version: "empty" as const } : {}),
    ...(secondVersion === ""
      ? {}
      : version === LATEST || secondVersion === LATEST
        ? { secondVersion: "latest" as const }
        : version === secondVersion
          ? { secondVersion: "same" as const }
          : {}),
    ...(secondVersion !== "" && !(share >= 0 && share <= 100) ? { percent: "range" as const } : {}),
  };
}

/** The form of an alias. */
export function aliasForm(alias: AliasConfiguration): AliasForm {
  const [second] = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  return {
    name: alias.Name ?? "",
    description: alias.Description ?? "",
    version: alias.FunctionVersion ?? "",
    secondVersion: second?.[0] ?? "",
    percent: second ? String(percentOf(second[1])) : "",
  };
}

/** The versions that an alias sends calls to, with their percent. */
export function routesOf(alias: AliasConfiguration): ReadonlyArray<{ readonly version: string; readonly percent: number }> {
  const additional = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {}).map(([version, weight]) => ({
    version,
    percent: percentOf(weight),
  }));
  const rest = additional.reduce((left, { percent }) => left - percent, 100);
  return [{ version: alias.FunctionVersion ?? "", percent: percentOf(rest / 100) }, ...additional];
}

/** Creates an alias, or changes the one whose `revisionId` is given. */
export function useSaveAlias(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: ({ form, revisionId }: { form: AliasForm; revisionId: string | undefined }) => {
      const { secondVersion, percent } = form;
      const input = {
        FunctionName: name,
        Name: form.name,
        FunctionVersion: form.version,
        Description: form.description,
        RoutingConfig: { AdditionalVersionWeights: secondVersion ? { [secondVersion]: Number(percent) / 100 } : {} },
      };
      return revisionId === undefined
        ? lambda().send(new CreateAliasCommand(input))
        : lambda().send(new UpdateAliasCommand({ ...input, RevisionId: revisionId }));
    },
    onSettled: () => void cache.invalidateQueries({ queryKey: functionKeys.one(name) }),
  });
}

/** Deletes an alias. */
export function useDeleteAlias(name: string) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (alias: string) => lambda().send(new DeleteAliasCommand({ FunctionName: name, Name: alias })),
    onSettled: () => void cache.invalidateQueries({ queryKey: aliasesKey(name) }),
  });
}

function percentOf(weight: number): number {
  return Math.round(weight * 1e6) / 1e4;
}

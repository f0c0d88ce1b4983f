// What the Code tab works on: the package as deployed and as edited, and its deployment.
import { useIsMutating, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { DeployedElsewhere, deployKey, packageQuery, useDeploy } from "../../../api/code";
import { LATEST } from "../../../api/versions";
import { writeArchive, type ArchiveError } from "../../../package/archive";
import { deskToShow, installation, type Desk } from "../../../package/desk";
import { keepDesk, keptDesk, useKeptDesk } from "../../../package/desk-store";
import { deployedAs, entriesOf, isUnsaved } from "../../../package/workspace";
import type { FunctionContext } from "../context";

/** The package, and what can be done with it. */
export interface CodeDesk {
  readonly key: string;
  /** Absent while it is fetched, or when it cannot be edited here. */
  readonly desk: Desk | undefined;
  readonly change: (change: (desk: Desk) => Desk) => void;
  /** Forgets all edits: what is deployed shows again. */
  readonly reload: () => void;
  readonly isReadOnly: boolean;
  readonly obstacle: ArchiveError | undefined;
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  readonly isUnsaved: boolean;
  /** Something else was deployed while there are edits. */
  readonly isElsewhere: boolean;
  readonly installs: boolean;
  readonly isDeploying: boolean;
  readonly deployError: Error | null;
  readonly forgetDeployError: () => void;
  /** Deploys the edits, over whatever is there when `isForced`; true once the function runs them. */
  readonly deploy: (isForced?: boolean) => Promise<boolean>;
  /** Deploys a zip from the reader's disk in place of all files. */
  readonly replace: (zip: Uint8Array<ArrayBuffer>, requirements: boolean) => Promise<boolean>;
}

/** The name under which edits are kept. */
export function deskKey(name: string, qualifier: string | undefined): string {
  return isLatest(qualifier) ? name : `${name}:${qualifier}`;
}

/** The Code tab's package. */
export function useCode({ name, qualifier, detail }: FunctionContext): CodeDesk {
  const { CodeSha256: sha256 = "", CodeSize: size = 0, Handler: handler } = detail.Configuration ?? {};
  const isReadOnly = !isLatest(qualifier);
  const key = deskKey(name, qualifier);
  const [kept, keep] = useKeptDesk(key);
  const isDeploying = useIsMutating({ mutationKey: deployKey(name) }) > 0;
  const { mutateAsync, reset, error: deployError } = useDeploy(name);
  const query = useQuery({
    ...packageQuery(name, qualifier, sha256, size),
    enabled: !isDeploying && kept?.workspace.sha256 !== sha256,
  });
  const fetched = query.data;
  const contents = fetched && "contents" in fetched ? fetched : undefined;
  const hasEdits = kept !== undefined && isUnsaved(kept.workspace);
  const obstacle = fetched && "obstacle" in fetched && fetched.sha256 === sha256 && !hasEdits ? fetched.obstacle : undefined;
  const desk = obstacle ? undefined : deskToShow(kept, contents, handler);
  const current = useCallback(() => keptDesk(key) ?? desk, [key, desk]);
  const { isWanted: installs, isChanged } = desk ? installation(desk) : { isWanted: false, isChanged: false };
  const deploy = async (isForced = false) => {
    const sent = current();
    if (!sent || isDeploying) return false;
    const { now, sha256: over } = sent.workspace;
    const deployment = { zip: writeArchive(entriesOf(now)), requirements: installs, ...(isForced ? {} : { over }) };
    try {
      const configuration = await mutateAsync(deployment);
      const typed = keptDesk(key) ?? sent;
      keepDesk(key, { ...typed, installed: installs, workspace: deployedAs(typed.workspace, configuration.CodeSha256 ?? "", now) });
      return true;
    } catch {
      return false; // The mutation holds what went wrong.
    }
  };
  const replace = async (zip: Uint8Array<ArrayBuffer>, requirements: boolean) => {
    try {
      await mutateAsync({ zip, requirements });
      keep(undefined);
      return true;
    } catch {
      return false;
    }
  };
  return {
    key,
    desk,
    change: (change) => {
      const now = current();
      const next = now && change(now);
      if (next !== now) keep(next);
    },
    reload: () => {
      reset();
      keep(undefined);
    },
    isReadOnly,
    obstacle,
    isLoading: query.isLoading,
    error: query.error,
    retry: () => void query.refetch(),
    isUnsaved: (hasEdits || isChanged) && !isReadOnly,
    isElsewhere: !isDeploying && (deployError instanceof DeployedElsewhere || (hasEdits && kept.workspace.sha256 !== sha256)),
    installs,
    isDeploying,
    deployError: deployError instanceof DeployedElsewhere ? null : deployError,
    forgetDeployError: reset,
    deploy,
    replace,
  };
}

function isLatest(qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifier === LATEST;
}

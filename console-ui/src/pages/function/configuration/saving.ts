// Saves a form of settings on the revision that it was opened on, so that nothing changed elsewhere is overwritten unseen.
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import { useState } from "react";
import { useUpdateConfiguration, type ConfigurationChange } from "../../../api/configuration";
import { useNotices } from "../../../app/notices";
import { useMessages } from "../../../i18n/language";
import { useFunction } from "../context";
import { usePlace } from "./address";

/** Saves settings. */
export interface SettingsSaving {
  readonly isPending: boolean;
  readonly isSuccess: boolean;
  readonly error: unknown;
  /** The configuration that the form was opened on. */
  readonly opened: FunctionConfiguration;
  /** The configuration as it is now. */
  readonly now: FunctionConfiguration;
  /** Whether the last saving was refused because the function had been changed elsewhere. */
  readonly isConflict: boolean;
  readonly save: (change: ConfigurationChange) => void;
  /** Saves whatever was changed elsewhere. */
  readonly overwrite: (change: ConfigurationChange) => void;
}

/** True for the refusal of a stale `RevisionId`. */
export function isStale(error: unknown): boolean {
  return (error as { name?: string } | null)?.name === "PreconditionFailedException";
}

/** The saving of the section's form. */
export function useSettingsSaving(): SettingsSaving {
  const { functionConfiguration } = useMessages();
  const { name, detail } = useFunction();
  const { section } = usePlace();
  const notices = useNotices();
  const update = useUpdateConfiguration(name);
  const now = detail.Configuration ?? {};
  const [opened] = useState(now);
  const send = (change: ConfigurationChange, revisionId: string | undefined) =>
    update.mutate(
      { ...change, ...(revisionId === undefined ? {} : { RevisionId: revisionId }) },
      { onSuccess: () => notices.success(functionConfiguration.saved(functionConfiguration.sections[section], name)) },
    );
  return {
    isPending: update.isPending,
    isSuccess: update.isSuccess,
    error: update.error,
    opened,
    now,
    isConflict: isStale(update.error),
    save: (change) => send(change, opened.RevisionId),
    overwrite: (change) => send(change, now.RevisionId),
  };
}

// Why sandboxes end, in words.
import { useMessages } from "../../i18n/language";

/** The words of a reason: its name, and what to do about it. */
export function useExplanation(): (reason: string) => { name: string; help: string } {
  const { sandboxes } = useMessages();
  const known: Readonly<Record<string, { name: string; help: string }>> = sandboxes.reasons;
  return (reason) => known[reason] ?? { name: reason, help: sandboxes.unknownReason };
}

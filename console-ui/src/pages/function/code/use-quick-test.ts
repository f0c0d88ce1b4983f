// Tests from the Code tab: the event in hand, synchronously.
import { useEventInHand } from "../../../api/event-in-hand";
import { useBench, useTestRunner } from "../../../api/test-runs";
import { eventName } from "../../../components/event-select";
import { useMessages } from "../../../i18n/language";
import { shownRun } from "../../../testing/bench";
import { jsonFault } from "../../../testing/event-json";
import type { FunctionContext } from "../context";

/** The event, what is wrong with it, and how to run it. */
export function useQuickTest({ name, qualifier, detail }: FunctionContext) {
  const { functionTest } = useMessages();
  const hand = useEventInHand(name, detail.Configuration?.Description);
  const runner = useTestRunner(name);
  const [bench] = useBench(name);
  const { event } = hand;
  const fault = event && jsonFault(event.text);
  const last = shownRun(bench);
  return {
    hand,
    fault: fault && functionTest.badJson(fault.line, fault.column, fault.found),
    isRunning: last !== undefined && !last.outcome,
    run: () => {
      if (!event || fault) return;
      runner.run({ eventName: eventName(functionTest, event), event: event.text, type: "RequestResponse", qualifier });
    },
  };
}

// What is known of AWS Lambda's metrics without asking: their units, and the statistic that tells most.
import type { MetricName } from "./query";

const COUNTS = ["Invocations", "Errors", "Throttles", "AsyncEventsReceived", "AsyncEventsDropped", "ColdStarts"];
const LEVELS = ["ConcurrentExecutions", "UnreservedConcurrentExecutions"];
const TIMES = ["Duration", "InitDuration", "AsyncEventAge"];

/** A metric's unit, when it is one of Lambda's. */
export function knownUnit({ namespace, name }: MetricName): string | undefined {
  if (namespace !== "AWS/Lambda") return undefined;
  if (TIMES.includes(name)) return "Milliseconds";
  return [...COUNTS, ...LEVELS].includes(name) ? "Count" : undefined;
}

/** The statistic to begin with. */
export function usualStatistic({ namespace, name }: MetricName): string {
  if (namespace !== "AWS/Lambda") return "Average";
  if (COUNTS.includes(name)) return "Sum";
  return LEVELS.includes(name) ? "Maximum" : "Average";
}

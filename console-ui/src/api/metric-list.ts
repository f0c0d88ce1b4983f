// Which metrics there are: ListMetrics, all of it, up to what a browser's tables serve well.
import { paginateListMetrics } from "@aws-sdk/client-cloudwatch";
import { queryOptions } from "@tanstack/react-query";
import type { MetricName } from "../chart/query";
import { metricKeys } from "./metric-data";
import { metrics } from "./metrics";

/** More metrics than are listed; the page says when there are more. */
export const MOST_METRICS = 20_000;

/** Metrics, and whether there are more than `MOST_METRICS`. */
export interface MetricList {
  readonly metrics: readonly MetricName[];
  readonly isCut: boolean;
}

/** All metrics of the account. */
export const metricListQuery = queryOptions({
  queryKey: metricKeys.list,
  queryFn: async ({ signal }): Promise<MetricList> => {
    const found: MetricName[] = [];
    for await (const page of paginateListMetrics({ client: metrics() }, {})) {
      signal.throwIfAborted();
      for (const { Namespace: namespace = "", MetricName: name = "", Dimensions = [] } of page.Metrics ?? []) {
        found.push({ namespace, name, dimensions: Dimensions.map(({ Name = "", Value = "" }) => [Name, Value] as const) });
      }
      if (found.length >= MOST_METRICS) return { metrics: found.slice(0, MOST_METRICS), isCut: page.NextToken !== undefined };
    }
    return { metrics: found, isCut: false };
  },
  staleTime: 30_000,
});

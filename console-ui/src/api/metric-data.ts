// Numbers of metrics: GetMetricData in as few requests as it takes, every page of it, and an expression that the server refuses
// does not take the others with it.
import { GetMetricDataCommand, GetMetricStatisticsCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { metricKey } from "../chart/graph";
import { answersOf, batchesOf, refusedExpression, requestOf, without, type MetricName, type SeriesAnswer, type SeriesQuery } from "../chart/query";
import { spanOf, writeRange, type Span, type TimeRange } from "../chart/range";
import { failureOf } from "./errors";
import { metrics } from "./metrics";

/** Pages of one request that are read; 100,800 datapoints each. */
const MOST_PAGES = 20;
const TWO_WEEKS_MS = 14 * 86_400_000;

/** What the server knows of a set of queries. */
export interface MetricData {
  readonly span: Span;
  readonly answers: readonly SeriesAnswer[];
  /** Why an expression has no answer, by its id. */
  readonly refused: Readonly<Record<string, string>>;
}

/** Keys of the cache. */
export const metricKeys = {
  all: ["metrics"] as const,
  list: ["metrics", "list"] as const,
  data: (queries: readonly SeriesQuery[], range: TimeRange) => ["metrics", "data", writeRange(range), queries] as const,
  unit: (metric: MetricName) => ["metrics", "unit", metricKey(metric)] as const,
};

/** The answers to `queries` over a range. While others are asked for, the last ones stay. */
export const metricDataQuery = (queries: readonly SeriesQuery[], range: TimeRange) =>
  queryOptions({
    queryKey: metricKeys.data(queries, range),
    queryFn: ({ signal }) => readMetricData(queries, range, signal),
    placeholderData: keepPreviousData,
  });

async function readMetricData(queries: readonly SeriesQuery[], range: TimeRange, signal: AbortSignal): Promise<MetricData> {
  const periodS = Math.max(60, ...queries.map((query) => query.periodS));
  const span = spanOf(range, Date.now(), periodS);
  const refused: Record<string, string> = {};
  for (let left = queries; ; ) {
    try {
      const answers = await Promise.all(batchesOf(left).map((batch) => readBatch(batch, span, signal)));
      return { span, answers: answers.flat(), refused };
    } catch (error) {
      const refusal = refusedExpression(failureOf(error).message);
      const next = refusal ? without(left, refusal.id) : left;
      if (!refusal || next.length === left.length) throw error;
      for (const { id } of left) if (!next.some((kept) => kept.id === id)) refused[id] = refusal.reason;
      left = next;
    }
  }
}

async function readBatch(queries: readonly SeriesQuery[], span: Span, signal: AbortSignal): Promise<SeriesAnswer[]> {
  const pages: MetricDataResult[][] = [];
  let token: string | undefined;
  do {
    const answer = await metrics().send(
      new GetMetricDataCommand({
        MetricDataQueries: queries.map(requestOf),
        StartTime: new Date(span.from),
        EndTime: new Date(span.to),
        ScanBy: "TimestampAscending",
        ...(token ? { NextToken: token } : {}),
      }),
      { abortSignal: signal },
    );
    pages.push(answer.MetricDataResults ?? []);
    token = answer.NextToken;
  } while (token && pages.length < MOST_PAGES);
  return answersOf(pages);
}

/** The unit of a metric's last data, which neither its listing nor GetMetricData tells; null when it has no data. */
export const metricUnitQuery = (metric: MetricName) =>
  queryOptions({
    queryKey: metricKeys.unit(metric),
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const answer = await metrics().send(
        new GetMetricStatisticsCommand({
          Namespace: metric.namespace,
          MetricName: metric.name,
          Dimensions: metric.dimensions.map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(now - TWO_WEEKS_MS),
          EndTime: new Date(now + 60_000),
          Period: 86_400,
          Statistics: ["SampleCount"],
        }),
        { abortSignal: signal },
      );
      const points = answer.Datapoints ?? [];
      const last = points.toSorted((left, right) => Number(right.Timestamp) - Number(left.Timestamp))[0];
      return last?.Unit ?? null;
    },
    // A metric's unit does not change; one without data yet is asked for again.
    staleTime: ({ state }) => (state.data ? Infinity : 30_000),
  });

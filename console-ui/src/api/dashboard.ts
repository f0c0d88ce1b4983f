// The dashboard's numbers, from AWS's APIs alone: the account's metrics over time, and each function's over the whole range.
import { GetMetricDataCommand, type MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answersOf, batchesOf, requestOf, type SeriesAnswer, type SeriesQuery } from "../chart/query";
import type { Span } from "../chart/range";
import { filled, type Point } from "../chart/series";
import { MOST_COUNTED, mostCalled, type FunctionNumbers } from "../dashboard/ranking";
import { barOf, dashboardSpan, wholePeriod, type DashboardRange } from "../dashboard/span";
import { metricKeys } from "./metric-data";
import { metrics } from "./metrics";

const NAMESPACE = "AWS/Lambda";
const MOST_PAGES = 20;
const REFRESH_MS = 60_000;

/** The account's metrics that are drawn, with the statistic that sums them up. */
export const ACCOUNT_METRICS = [
  ["Invocations", "Sum"],
  ["Errors", "Sum"],
  ["Throttles", "Sum"],
  ["ConcurrentExecutions", "Maximum"],
] as const;

/** A metric of the account. */
export type AccountMetric = (typeof ACCOUNT_METRICS)[number][0];

/** The account's metrics over a range: a point for every bar of the chart, zero where there was nothing. */
export interface AccountNumbers {
  readonly span: Span;
  readonly barS: number;
  readonly points: Readonly<Record<AccountMetric, readonly Point[]>>;
  /** The most calls at the same time in the last minute that is known. */
  readonly concurrency: number;
}

/** The account's numbers. */
export const accountNumbersQuery = (range: DashboardRange) =>
  queryOptions({
    queryKey: [...metricKeys.all, "dashboard", "account", range],
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<AccountNumbers> => {
      const now = Date.now();
      const barS = barOf(range);
      const bar = barS * 1_000;
      // Asked for to the minute, so that the sums are those of the range; the first bar may lack what lies before it.
      const asked = dashboardSpan(range, now);
      const span = { from: Math.floor(asked.from / bar) * bar, to: Math.ceil(asked.to / bar) * bar };
      const [answers, latest] = await Promise.all([
        read(ACCOUNT_METRICS.map(([name, statistic]) => query(name, statistic, barS)), asked, signal),
        read([query("ConcurrentExecutions", "Maximum", 60)], { from: now - 2 * 60_000, to: now }, signal),
      ]);
      const pointsOf = (metric: AccountMetric) =>
        filled(answers.find(({ id }) => id === idOf(metric))?.points ?? [], span, barS, now);
      const points: AccountNumbers["points"] = {
        Invocations: pointsOf("Invocations"),
        Errors: pointsOf("Errors"),
        Throttles: pointsOf("Throttles"),
        ConcurrentExecutions: pointsOf("ConcurrentExecutions"),
      };
      return { span, barS, points, concurrency: latest[0]?.points.at(-1)?.v ?? 0 };
    },
  });

/** The numbers of functions by name, of at most `MOST_COUNTED`; durations of those that are called most. */
export const functionNumbersQuery = (names: readonly string[], range: DashboardRange) =>
  queryOptions({
    queryKey: [...metricKeys.all, "dashboard", "functions", range, names],
    refetchInterval: REFRESH_MS,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<readonly FunctionNumbers[]> => {
      const span = dashboardSpan(range, Date.now());
      const asked = names.slice(0, MOST_COUNTED);
      const [invocations, errors] = await Promise.all([
        ofEach(asked, "Invocations", "Sum", span, signal),
        ofEach(asked, "Errors", "Sum", span, signal),
      ]);
      const counted = asked.map((name) => ({
        name,
        invocations: invocations.get(name) ?? 0,
        errors: errors.get(name) ?? 0,
      }));
      const called = mostCalled(counted).map(({ name }) => name);
      const [averages, p99s] = await Promise.all([
        ofEach(called, "Duration", "Average", span, signal),
        ofEach(called, "Duration", "p99", span, signal),
      ]);
      return counted.map((numbers) => {
        const [average, p99] = [averages.get(numbers.name), p99s.get(numbers.name)];
        return { ...numbers, ...(average === undefined ? {} : { average }), ...(p99 === undefined ? {} : { p99 }) };
      });
    },
  });

async function ofEach(
  names: readonly string[],
  metric: string,
  statistic: string,
  span: Span,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const periodS = wholePeriod(span);
  const queries = names.map((name, index) => ({
    ...query(metric, statistic, periodS, [["FunctionName", name]]),
    id: `f${index}`,
  }));
  const answers = await read(queries, span, signal);
  const found = new Map<string, number>();
  for (const { id, points } of answers) {
    const [name, value] = [names[Number(id.slice(1))], points[0]?.v];
    if (name !== undefined && value !== undefined) found.set(name, value);
  }
  return found;
}

const idOf = (metric: string) => metric.charAt(0).toLowerCase() + metric.slice(1);

function query(
  name: string,
  statistic: string,
  periodS: number,
  dimensions: ReadonlyArray<readonly [string, string]> = [],
): SeriesQuery {
  return { id: idOf(name), periodS, metric: { namespace: NAMESPACE, name, dimensions }, statistic };
}

async function read(queries: readonly SeriesQuery[], span: Span, signal: AbortSignal): Promise<SeriesAnswer[]> {
  const found: SeriesAnswer[] = [];
  for (const batch of batchesOf(queries)) {
    const pages: MetricDataResult[][] = [];
    let token: string | undefined;
    do {
      const answer = await metrics().send(
        new GetMetricDataCommand({
          MetricDataQueries: batch.map(requestOf),
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
    found.push(...answersOf(pages));
  }
  return found;
}

// The metrics there are, by namespace and by the names of their dimensions, as CloudWatch's console sorts them. Pure.
import type { MetricName } from "../../chart/query";

/** A group of metrics. */
export interface Group {
  /** A namespace, or names of dimensions in order, with commas between; empty for metrics without any. */
  readonly key: string;
  readonly count: number;
}

/** Where the reader stands in the catalog. */
export interface Place {
  readonly namespace: string | undefined;
  readonly dimensions: string | undefined;
}

/** The key of a metric's set of dimensions. */
export function dimensionsKey(metric: MetricName): string {
  return metric.dimensions.map(([name]) => name).join(", ");
}

/** Namespaces: AWS's after the user's own, as those are fewer. */
export function namespacesOf(metrics: readonly MetricName[]): { custom: Group[]; aws: Group[] } {
  const groups = grouped(metrics, (metric) => metric.namespace);
  return {
    custom: groups.filter(({ key }) => !key.startsWith("AWS/")),
    aws: groups.filter(({ key }) => key.startsWith("AWS/")),
  };
}

/** The sets of dimensions that a namespace's metrics have. */
export function dimensionSetsOf(metrics: readonly MetricName[], namespace: string): Group[] {
  return grouped(metrics.filter((metric) => metric.namespace === namespace), dimensionsKey);
}

/** Metrics at a place. */
export function metricsAt(metrics: readonly MetricName[], { namespace, dimensions }: Place): MetricName[] {
  return metrics.filter(
    (metric) =>
      (namespace === undefined || metric.namespace === namespace) &&
      (dimensions === undefined || dimensionsKey(metric) === dimensions),
  );
}

/** Metrics in whose namespace, name or dimensions every word is found. */
export function matching(metrics: readonly MetricName[], text: string): MetricName[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return metrics.filter(({ namespace, name, dimensions }) => {
    const whole = [namespace, name, ...dimensions.flat()].join("\n").toLowerCase();
    return words.every((word) => whole.includes(word));
  });
}

function grouped(metrics: readonly MetricName[], keyOf: (metric: MetricName) => string): Group[] {
  const counts = new Map<string, number>();
  for (const metric of metrics) counts.set(keyOf(metric), (counts.get(keyOf(metric)) ?? 0) + 1);
  return [...counts].map(([key, count]) => ({ key, count })).sort((left, right) => left.key.localeCompare(right.key));
}

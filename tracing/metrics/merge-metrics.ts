/** Metrics of several processes as one: sums, or what each metric says that it is merged by. */
import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue } from "prom-client";

/** Metrics of one process as they go from one to another. */
export type MetricNumbers = MetricObjectWithValues<MetricValue<string>>[];

export async function mergeMetrics(all: readonly MetricNumbers[]): Promise<MetricNumbers> {
  return withoutGaps(await AggregatorRegistry.aggregate([...all]).getMetricsAsJSON());
}

/** In Prometheus' text format. */
export async function metricsText(numbers: MetricNumbers): Promise<string> {
  return AggregatorRegistry.aggregate([numbers]).metrics();
}

/** What stays of a process that has ended: a count that shrinks would be read as a start from nothing. */
export function countsOf(numbers: MetricNumbers): MetricNumbers {
  // As they are on the wire; the library types them as numbers of an enum.
  const counting = new Set<unknown>(["counter", "histogram"]);
  return numbers.filter(({ type }) => counting.has(type));
}

/** JSON knows no NaN, which a gauge has before its first value. */
export function withoutGaps(numbers: MetricNumbers): MetricNumbers {
  return numbers.map((metric) => ({
    ...metric,
    values: metric.values.filter(({ value }) => Number.isFinite(value)),
  }));
}

/** Prometheus metrics of one running system, in a registry of its own. Labels are names from the configuration, never content. */
import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { BackendSnapshot } from "../../backends/backend-snapshot.ts";
import type { ExportCounts } from "../bounded-processor.ts";
import { collectBackends } from "./collect-backends.ts";
import { collectExports } from "./collect-exports.ts";
import { collectSizes } from "./collect-sizes.ts";
import { withoutGaps, type MetricNumbers } from "./merge-metrics.ts";
import { requestMetrics, type RequestMetrics } from "./request-metrics.ts";
import { runMetrics, type RunMetrics } from "./run-metrics.ts";

export interface MetricsSources {
  backends(): BackendSnapshot[];
  exports(): Record<string, ExportCounts>;
  assessments(): { done: number; failed: number; dropped: number };
  /** Bytes on disk, one entry per file or table. */
  sizes(): Promise<Record<string, number>>;
}

export interface Metrics {
  requests: RequestMetrics;
  runs: RunMetrics;
  contentType: string;
  /** In Prometheus' text format. */
  text(): Promise<string>;
  /** The same for another process to add up. */
  numbers(): Promise<MetricNumbers>;
}

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry();
  // Memory, garbage collection and event loop delay, as every Node dashboard knows them.
  collectDefaultMetrics({ register: registry });
  const help = "Processes whose numbers are in here.";
  new Gauge({ name: "orchestrator_processes", help, registers: [registry] }).set(1);
  collectBackends(registry, sources);
  collectExports(registry, sources);
  collectSizes(registry, sources);
  return {
    requests: requestMetrics(registry),
    runs: runMetrics(registry),
    contentType: registry.contentType,
    text: () => registry.metrics(),
    numbers: async () => withoutGaps(await registry.getMetricsAsJSON()),
  };
}

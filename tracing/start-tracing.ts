/** Sets OpenTelemetry up: one provider, one bounded queue per destination, all chosen by configuration. */
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { TracingConfig } from "../config/schema.ts";
import { BoundedProcessor, type BoundedProcessorOptions, type ExportCounts } from "./bounded-processor.ts";
import { localExporter, type AppendSpans } from "./local-exporter.ts";
import { mlflowDestination, type MlflowDestination, type Workspace } from "./mlflow-destination.ts";
import { mlflowUcExporter } from "./mlflow-uc-exporter.ts";
import { otlpExporter } from "./otlp-exporter.ts";

export interface TracingDeps {
  service: { name: string; version: string };
  /** Null without a workspace. */
  workspace: Workspace | null;
  /** Where the local trace store keeps spans; null switches it off. */
  append: AppendSpans | null;
  onFailure(destination: string, error: Error | undefined): void;
}

export interface Tracing {
  /** The id that clients get for a trace: MLflow's own where MLflow is on. */
  traceId(hex: string): string;
  mlflow: MlflowDestination | null;
  counts(): Record<string, ExportCounts>;
  flush(): Promise<void>;
  close(): Promise<void>;
}

const LIMITS = { queue: 4_096, batch: 256, every_ms: 1_000, timeout_ms: 15_000 };

/** Registers the provider globally, as OpenTelemetry has it: call it once per process. */
export function startTracing(config: TracingConfig, deps: TracingDeps): Tracing {
  const mlflow = config.mlflow === undefined ? null : mlflowDestination(config.mlflow, deps.workspace);
  const processors = new Map<string, BoundedProcessor>();
  for (const [name, exporter] of destinations(config, mlflow, deps)) {
    const options: BoundedProcessorOptions = { ...LIMITS, onFailure: (error) => deps.onFailure(name, error) };
    processors.set(name, new BoundedProcessor(exporter, options));
  }
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({
      "service.name": deps.service.name,
      "service.version": deps.service.version,
    }),
    spanProcessors: [...processors.values()],
  });
  provider.register();
  return {
    traceId: (hex) => mlflow?.traceId(hex) ?? `tr-${hex}`,
    mlflow,
    counts: () => Object.fromEntries([...processors].map(([name, processor]) => [name, processor.counts()])),
    flush: () => provider.forceFlush(),
    close: () => provider.shutdown(),
  };
}

function destinations(
  config: TracingConfig,
  mlflow: MlflowDestination | null,
  deps: TracingDeps,
): [string, SpanExporter][] {
  const found: [string, SpanExporter][] = [];
  const { otlp, local } = config;
  if (local.enabled && deps.append !== null) found.push(["local", localExporter(deps.append)]);
  if (otlp !== undefined) found.push(["otlp", otlpExporter(otlp.url, async () => otlp.headers)]);
  if (mlflow !== null) {
    const spans = otlpExporter(mlflow.url, mlflow.headers);
    found.push(["mlflow", mlflow.location === null ? spans : mlflowUcExporter(mlflow, spans)]);
  }
  return found;
}

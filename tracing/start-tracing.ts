/** Sets OpenTelemetry up: one provider, one bounded queue per destination, all chosen by configuration. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { context, propagation, trace, type Attributes } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import { NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import type { TracingConfig } from "../config/schema.ts";
import { BoundedProcessor, type BoundedProcessorOptions, type ExportCounts } from "./bounded-processor.ts";
import type { TraceTable } from "../store/traces.ts";
import { localExporter } from "./local-exporter.ts";
import { mlflowDestination, type MlflowDestination, type Workspace } from "./mlflow-destination.ts";
import type { Version } from "./mlflow-model.ts";
import { otlpExporter } from "./otlp-exporter.ts";
import { preparingProcessor } from "./preparing-processor.ts";
import { createRedact } from "./redact.ts";

export interface TracingDeps {
  service: Version;
  /** Null without a workspace. */
  workspace: Workspace | null;
  /** The local trace store. */
  traces: Pick<TraceTable, "append" | "prune">;
  onFailure(destination: string, error: Error | undefined): void;
}

export interface Tracing {
  /** Whether spans are made at all. */
  recording: boolean;
  /** The id that clients get for a trace: MLflow's own where MLflow is on. */
  traceId(hex: string): string;
  mlflow: MlflowDestination | null;
  counts(): Record<string, ExportCounts>;
  flush(): Promise<void>;
  /** Resolves when every span that has ended is in the local trace store. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** A dead destination does not hold up the end of the process. */
const CLOSE_MS = 3_000;

const LIMITS = { queue: 4_096, batch: 256, every_ms: 1_000, timeout_ms: 15_000 };

/**
 * Registers the provider globally, as OpenTelemetry has it: one at a time per process. With nowhere to send spans
 * to, none are made.
 */
export function startTracing(config: TracingConfig, deps: TracingDeps): Tracing {
  const mlflow =
    config.mlflow === undefined ? null : mlflowDestination(config.mlflow, deps.workspace, deps.service);
  const processors = new Map<string, BoundedProcessor>();
  for (const [name, exporter] of destinations(config, mlflow, deps)) {
    const options: BoundedProcessorOptions = { ...LIMITS, onFailure: (error) => deps.onFailure(name, error) };
    processors.set(name, new BoundedProcessor(exporter, options));
  }
  if (processors.size === 0) return SILENT;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes(resourceAttributes(deps.service)),
    // Explicit: OTEL_* variables of the platform mean its own telemetry, and a caller's flag does not decide for us.
    sampler: new AlwaysOnSampler(),
    spanProcessors: [preparingProcessor(createRedact(config.redact)), ...processors.values()],
  });
  provider.register();
  return {
    recording: true,
    traceId: (hex) => mlflow?.traceId(hex) ?? `tr-${hex}`,
    mlflow,
    counts: () => Object.fromEntries([...processors].map(([name, processor]) => [name, processor.counts()])),
    flush: () => provider.forceFlush(),
    settle: async () => processors.get("local")?.forceFlush(),
    close: async () => {
      const ended = provider.shutdown().catch((error: unknown) => deps.onFailure("shutdown", error as Error));
      await Promise.race([ended, sleep(CLOSE_MS, undefined, { ref: false })]);
      for (const api of [trace, context, propagation]) api.disable();
    },
  };
}

const SILENT: Tracing = {
  recording: false,
  traceId: (hex) => `tr-${hex}`,
  mlflow: null,
  counts: () => ({}),
  flush: async () => {},
  settle: async () => {},
  close: async () => {},
};

function resourceAttributes({ name, version, commit, config_hash }: Version): Attributes {
  return {
    "service.name": name,
    "service.version": version,
    "service.instance.id": randomUUID(),
    "orchestrator.config_hash": config_hash,
    ...(commit === null ? {} : { "vcs.ref.head.revision": commit }),
  };
}

function destinations(
  config: TracingConfig,
  mlflow: MlflowDestination | null,
  deps: TracingDeps,
): [string, SpanExporter][] {
  const found: [string, SpanExporter][] = [];
  const { otlp, local } = config;
  if (local.enabled) found.push(["local", localExporter(deps.traces, local)]);
  if (otlp !== undefined) found.push(["otlp", otlpExporter(otlp.url, async () => otlp.headers)]);
  if (mlflow !== null) found.push(["mlflow", mlflow.exporter]);
  return found;
}

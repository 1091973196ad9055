/** Registers each trace before its spans, as MLflow's Unity Catalog tables want it (evals.md section 2.1). */
import { SpanStatusCode } from "@opentelemetry/api";
import type { ExportResult } from "@opentelemetry/core";
import { ExportResultCode } from "@opentelemetry/core";
import type { ReadableSpan, SpanExporter } from "@opentelemetry/sdk-trace-base";
import { isLocalRoot } from "./local-root.ts";
import type { MlflowDestination } from "./mlflow-destination.ts";
import { milliseconds } from "./span-record.ts";

/** `spans` sends the spans themselves, by OTLP. */
export function mlflowUcExporter(destination: MlflowDestination, spans: SpanExporter): SpanExporter {
  return {
    export(batch: ReadableSpan[], done: (result: ExportResult) => void) {
      const roots = batch.filter(isLocalRoot);
      Promise.all(roots.map((root) => register(destination, root))).then(
        () => spans.export(batch, done),
        (error: unknown) => done({ code: ExportResultCode.FAILED, error: error as Error }),
      );
    },
    shutdown: () => spans.shutdown(),
  };
}

async function register(destination: MlflowDestination, root: ReadableSpan): Promise<void> {
  const { traceId } = root.spanContext();
  const { attributes } = root;
  const experiment = (await destination.headers())["x-mlflow-experiment-id"] ?? "";
  const metadata: Record<string, string> = {
    "mlflow.trace_schema.version": "4",
    "mlflow.experimentId": experiment,
    ...named("mlflow.trace.session", attributes["session.id"]),
    ...named("mlflow.trace.user", attributes["user.id"]),
    ...named("mlflow.trace.tokenUsage", attributes["mlflow.chat.tokenUsage"]),
  };
  await destination.client.send("POST", `/api/4.0/mlflow/traces/${destination.location}/${traceId}/info`, {
    trace_id: destination.traceId(traceId),
    request_time: new Date(milliseconds(root.startTime)).toISOString(),
    execution_duration: `${(milliseconds(root.duration) / 1_000).toFixed(3)}s`,
    state: root.status.code === SpanStatusCode.ERROR ? "ERROR" : "OK",
    request_preview: preview(attributes["mlflow.spanInputs"]),
    response_preview: preview(attributes["mlflow.spanOutputs"]),
    trace_metadata: metadata,
    tags: { "mlflow.traceName": root.name },
  });
}

function named(name: string, value: unknown): Record<string, string> {
  return typeof value === "string" ? { [name]: value } : {};
}

function preview(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 1_000) : "";
}

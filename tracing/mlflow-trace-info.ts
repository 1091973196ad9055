/** What MLflow wants to know of a trace beside its spans: state, previews, session, user, tokens and version. */
import { SpanStatusCode } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { milliseconds } from "./span-record.ts";

export interface TraceInfoFacts {
  /** In MLflow's form. */
  trace_id: string;
  schema: "3" | "4";
  experiment: string;
  /** Of the LoggedModel; null where the server knows none. */
  model: string | null;
}

/** `root` is the top of our part of the trace. Field names as in `TraceInfoV3` of MLflow's protocol. */
export function mlflowTraceInfo(root: ReadableSpan, facts: TraceInfoFacts) {
  const { attributes } = root;
  return {
    trace_id: facts.trace_id,
    request_time: new Date(milliseconds(root.startTime)).toISOString(),
    execution_duration: `${(milliseconds(root.duration) / 1_000).toFixed(3)}s`,
    state: root.status.code === SpanStatusCode.ERROR ? "ERROR" : "OK",
    request_preview: preview(attributes["mlflow.spanInputs"]),
    response_preview: preview(attributes["mlflow.spanOutputs"]),
    trace_metadata: {
      "mlflow.trace_schema.version": facts.schema,
      "mlflow.experimentId": facts.experiment,
      ...named("mlflow.modelId", facts.model),
      ...named("mlflow.source.git.commit", root.resource.attributes["vcs.ref.head.revision"]),
      ...named("mlflow.trace.session", attributes["session.id"]),
      ...named("mlflow.trace.user", attributes["user.id"]),
      ...named("mlflow.trace.tokenUsage", attributes["mlflow.chat.tokenUsage"]),
    },
    tags: { "mlflow.traceName": root.name },
  };
}

function named(name: string, value: unknown): Record<string, string> {
  return typeof value === "string" ? { [name]: value } : {};
}

function preview(value: unknown): string {
  return typeof value === "string" ? value.slice(0, 1_000) : "";
}

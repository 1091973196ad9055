/** A span as MLflow keeps it in the artifact of a trace (version 3 of its schema). */
import { SpanStatusCode } from "@opentelemetry/api";
import { hrTimeToNanoseconds } from "@opentelemetry/core";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import { isLocalRoot } from "./local-root.ts";

const STATUS = {
  [SpanStatusCode.UNSET]: "STATUS_CODE_UNSET",
  [SpanStatusCode.OK]: "STATUS_CODE_OK",
  [SpanStatusCode.ERROR]: "STATUS_CODE_ERROR",
} as const;

export function mlflowSpanJson(span: ReadableSpan, trace_id: string) {
  const { traceId, spanId } = span.spanContext();
  const parent = isLocalRoot(span) ? undefined : span.parentSpanContext?.spanId;
  return {
    trace_id: base64(traceId),
    span_id: base64(spanId),
    parent_span_id: parent === undefined ? null : base64(parent),
    name: span.name,
    start_time_unix_nano: hrTimeToNanoseconds(span.startTime),
    end_time_unix_nano: hrTimeToNanoseconds(span.endTime),
    events: [],
    status: { code: STATUS[span.status.code], message: span.status.message ?? "" },
    attributes: {
      "mlflow.traceRequestId": JSON.stringify(trace_id),
      ...Object.fromEntries(
        Object.entries(span.attributes).map(([name, value]) => [name, json(name, value)]),
      ),
    },
  };
}

/** Every value is JSON text there; MLflow's own are already. */
function json(name: string, value: unknown): string {
  return name.startsWith("mlflow.") && typeof value === "string" ? value : JSON.stringify(value);
}

function base64(hex: string): string {
  return Buffer.from(hex, "hex").toString("base64");
}

/** One finished span in plain JSON, as the local trace store keeps it. */
import { SpanKind, SpanStatusCode, type Attributes } from "@opentelemetry/api";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

export interface SpanRecord {
  trace_id: string;
  span_id: string;
  /** Null for a root, and for a span whose parent lives in another process. */
  parent_id: string | null;
  name: string;
  kind: "internal" | "server" | "client" | "producer" | "consumer";
  /** Epoch milliseconds, with fractions. */
  started_at: number;
  duration_ms: number;
  status: "unset" | "ok" | "error";
  attributes: Attributes;
  links: { trace_id: string; span_id: string }[];
}

const KINDS = {
  [SpanKind.INTERNAL]: "internal",
  [SpanKind.SERVER]: "server",
  [SpanKind.CLIENT]: "client",
  [SpanKind.PRODUCER]: "producer",
  [SpanKind.CONSUMER]: "consumer",
} as const;

const STATUS = {
  [SpanStatusCode.UNSET]: "unset",
  [SpanStatusCode.OK]: "ok",
  [SpanStatusCode.ERROR]: "error",
} as const;

export function spanRecord(span: ReadableSpan): SpanRecord {
  const { traceId, spanId } = span.spanContext();
  const parent = span.parentSpanContext;
  return {
    trace_id: traceId,
    span_id: spanId,
    parent_id: parent === undefined || parent.isRemote === true ? null : parent.spanId,
    name: span.name,
    kind: KINDS[span.kind],
    started_at: milliseconds(span.startTime),
    duration_ms: milliseconds(span.duration),
    status: STATUS[span.status.code],
    attributes: span.attributes,
    links: span.links.map(({ context }) => ({ trace_id: context.traceId, span_id: context.spanId })),
  };
}

/** OpenTelemetry times are seconds and nanoseconds. */
export function milliseconds([seconds, nanoseconds]: [number, number]): number {
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

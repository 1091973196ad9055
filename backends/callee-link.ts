/** A link from our span to the callee's own trace, where it did not join ours (evals section 5.5). */
import { isValidTraceId, TraceFlags, type Link, type Span } from "@opentelemetry/api";

/** `tr-<hex>`, `trace:/<location>/<hex>` or the hex alone (contracts section 7, "Ids"). */
const HEX = /^(?:tr-|trace:\/[^/]+\/)?([0-9a-f]{32})$/;

/** Callees tell their trace and no span of it: all zeros, as W3C writes an unknown one. */
const NO_SPAN = "0".repeat(16);

/** Null when the id is none of W3C's, or of our own trace. */
export function calleeLink(span: Span, trace_id: string): Link | null {
  const traceId = HEX.exec(trace_id.toLowerCase())?.[1];
  if (traceId === undefined || !isValidTraceId(traceId) || traceId === span.spanContext().traceId)
    return null;
  const context = { traceId, spanId: NO_SPAN, traceFlags: TraceFlags.NONE, isRemote: true };
  return { context, attributes: { "link.relation": "callee", "backend.trace_id": trace_id } };
}

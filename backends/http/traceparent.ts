/** W3C trace context of a span, as headers for the call that the span stands for (and as MCP `_meta`). */
import { isSpanContextValid, type Span } from "@opentelemetry/api";

/** Empty when tracing is not set up. Baggage is not sent: it may hold what is nobody else's business. */
export function traceHeaders(span: Span): Record<string, string> {
  const context = span.spanContext();
  if (!isSpanContextValid(context)) return {};
  const flags = context.traceFlags.toString(16).padStart(2, "0");
  const headers: Record<string, string> = {
    traceparent: `00-${context.traceId}-${context.spanId}-${flags}`,
  };
  const state = context.traceState?.serialize();
  if (state !== undefined && state !== "") headers["tracestate"] = state;
  return headers;
}

/** The span of an incoming request; adopts the caller's `traceparent` when the configuration says so. */
import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
} from "@opentelemetry/api";
import { withAsker } from "./asker.ts";
import { TRACER_NAME } from "./traced.ts";

export interface Inbound {
  /** e.g. `POST /invocations`. */
  name: string;
  headers: Record<string, string | string[] | undefined>;
  adopt: boolean;
  /** Who asks, from `userId`. */
  user: string;
  attributes: Attributes;
}

export interface InboundSpan {
  /** OpenTelemetry's hex id; all zeros when nothing records. */
  trace_id: string;
  set(attributes: Attributes): void;
  fail(type: string): void;
}

export async function inboundSpan<T>(inbound: Inbound, work: (span: InboundSpan) => Promise<T>): Promise<T> {
  const outside = inbound.adopt ? propagation.extract(ROOT_CONTEXT, known(inbound.headers)) : ROOT_CONTEXT;
  const parent = withAsker(outside, inbound.user);
  const span = trace
    .getTracer(TRACER_NAME)
    .startSpan(inbound.name, { kind: SpanKind.SERVER, attributes: inbound.attributes }, parent);
  const handle: InboundSpan = {
    trace_id: span.spanContext().traceId,
    set: (attributes) => void span.setAttributes(attributes),
    fail: (type) => {
      span.setAttribute("error.type", type);
      span.setStatus({ code: SpanStatusCode.ERROR });
    },
  };
  try {
    return await context.with(trace.setSpan(parent, span), () => work(handle));
  } finally {
    span.end();
  }
}

/** `tracestate` and baggage are left behind: they may hold what is nobody's business further down. */
function known({ traceparent }: Inbound["headers"]): Record<string, string> {
  return typeof traceparent === "string" ? { traceparent } : {};
}

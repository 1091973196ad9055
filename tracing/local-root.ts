/** Which span is the top of our part of a trace. */
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** A remote parent still leaves us the root of our part (evals.md section 5.5). */
export function isLocalRoot(span: Pick<ReadableSpan, "parentSpanContext">): boolean {
  return span.parentSpanContext === undefined || span.parentSpanContext.isRemote === true;
}

/** What the server shows to those who look after it: spans and their store. */
import type { FeedbackDesk } from "../tracing/feedback-desk.ts";
import type { Metrics } from "../tracing/metrics/create-metrics.ts";
import type { TraceReader } from "../tracing/trace-reader.ts";

export interface Watch {
  /** Whether a caller's `traceparent` is adopted. */
  adopt: boolean;
  /** How spans name the one who asks. */
  userId(subject: string): string;
  /** The id that clients get, from OpenTelemetry's hex id. */
  traceId(hex: string): string;
  traces: TraceReader;
  feedback: FeedbackDesk;
  metrics: Metrics;
}

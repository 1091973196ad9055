/** OTLP over HTTP with protobuf. Headers are asked for at every export, so that short-lived tokens stay fresh. */
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import type { SpanExporter } from "@opentelemetry/sdk-trace-base";

export type Headers = () => Promise<Record<string, string>>;

/** URL and headers are given explicitly: Databricks Apps sets OTEL_* variables that mean something else. */
export function otlpExporter(url: string, headers: Headers): SpanExporter {
  return new OTLPTraceExporter({ url, headers, timeoutMillis: 10_000, concurrencyLimit: 2 });
}

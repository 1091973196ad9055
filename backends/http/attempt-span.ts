/** One CLIENT span per HTTP attempt: status and error code, never a body, a token or a query string. */
import { SpanKind, SpanStatusCode, type Span, type Tracer } from "@opentelemetry/api";
import { BackendError } from "../errors.ts";

export interface AttemptInfo {
  backend: string;
  /** What the call is for, e.g. `responses` or `genie.poll`. */
  operation: string;
  method: string;
  url: URL;
  /** Counts from 1 within one question. */
  attempt: number;
}

export function startAttemptSpan(tracer: Tracer, info: AttemptInfo): Span {
  return tracer.startSpan(`${info.method} ${info.backend} ${info.operation}`, {
    kind: SpanKind.CLIENT,
    attributes: {
      "mlflow.spanType": JSON.stringify("TOOL"),
      "gen_ai.agent.name": info.backend,
      "backend.operation": info.operation,
      attempt: info.attempt,
      "http.request.method": info.method,
      "server.address": info.url.hostname,
      "server.port": Number(info.url.port) || (info.url.protocol === "https:" ? 443 : 80),
      "url.path": info.url.pathname,
    },
  });
}

export function failSpan(span: Span, error: unknown): void {
  const code = error instanceof BackendError ? error.code : "aborted";
  span.setAttribute("error.type", code);
  if (error instanceof BackendError && error.detail.status !== undefined) {
    span.setAttribute("http.response.status_code", error.detail.status);
  }
  span.setStatus({ code: SpanStatusCode.ERROR, message: code });
}

/** One HTTP exchange: out with token and trace context, in as a `Reply`, every failure as a `BackendError`. */
import { context, trace, type Span } from "@opentelemetry/api";
import { request as undiciRequest, type Dispatcher } from "undici";
import type { Secret } from "../auth/secret.ts";
import type { BackendError } from "../errors.ts";
import type { ChannelRequest } from "./request.ts";
import { connectFault } from "./network-fault.ts";
import { Reply } from "./reply.ts";
import { retryAfterMs } from "./retry-after.ts";
import { statusFault } from "./status-fault.ts";
import { traceHeaders } from "./traceparent.ts";

export interface AttemptParts {
  backend: string;
  dispatcher: Dispatcher;
  request: ChannelRequest;
  token: Secret | null;
  span: Span;
  signal: AbortSignal;
  idle_timeout_ms: number;
  max_bytes: number;
  now: number;
}

/** An error body is read this far. */
const MAX_ERROR_BYTES = 64_000;

export async function attempt(parts: AttemptParts): Promise<Reply> {
  const { backend, request, signal } = parts;
  const response = await exchange(parts);
  const reply = new Reply({
    backend,
    status: response.statusCode,
    headers: response.headers,
    body: response.body,
    max_bytes: parts.max_bytes,
    signal,
  });
  parts.span.setAttribute("http.response.status_code", reply.status);
  const fine = (reply.status >= 200 && reply.status < 300) || request.accept_statuses?.includes(reply.status);
  if (fine === true) return reply;
  throw await failureOf(parts, reply, response);
}

async function exchange(parts: AttemptParts): Promise<Dispatcher.ResponseData> {
  const { backend, request, signal } = parts;
  const headers: Record<string, string> = { ...request.headers, ...traceHeaders(parts.span) };
  if (request.body !== undefined) headers["content-type"] ??= "application/json";
  if (parts.token !== null) headers["authorization"] = `Bearer ${parts.token.reveal()}`;
  try {
    return await context.with(trace.setSpan(context.active(), parts.span), () =>
      undiciRequest(request.url, {
        dispatcher: parts.dispatcher,
        method: request.method,
        headers,
        body: request.body ?? null,
        signal,
        bodyTimeout: parts.idle_timeout_ms,
      }),
    );
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw connectFault(backend, error) ?? error;
  }
}

async function failureOf(
  parts: AttemptParts,
  reply: Reply,
  response: Dispatcher.ResponseData,
): Promise<BackendError> {
  const { backend, signal } = parts;
  const bounded = new Reply({ backend, status: reply.status, headers: response.headers, body: response.body, max_bytes: MAX_ERROR_BYTES, signal }); // prettier-ignore
  let text = "";
  try {
    text = await bounded.text();
  } catch {
    // A broken error body does not change what the status says.
    signal.throwIfAborted();
  }
  return statusFault({
    backend,
    status: reply.status,
    text,
    retry_after_ms: retryAfterMs(reply.header("retry-after"), parts.now),
    request_id: reply.header("x-databricks-request-id") ?? reply.header("x-request-id"),
  });
}

/** Serves one request inside its span, and tells the client the trace's id. */
import { isValidTraceId } from "@opentelemetry/api";
import { inboundSpan, type InboundSpan } from "../tracing/inbound.ts";
import { ClientGone } from "./client-gone.ts";
import { asRequestError } from "./error-handler.ts";
import type { Exchange } from "./exchange.ts";
import { watchRequest } from "./request-line.ts";
import type { Route } from "./routes/route.ts";

/** `path` is the route's pattern, so that one route is one name. */
export async function serveObserved(route: Route, path: string, exchange: Exchange): Promise<void> {
  const { watch } = exchange.services;
  watchRequest(path, exchange);
  if (watch === undefined || route.traced !== true) return route.handle(exchange);
  const method = route.method.toUpperCase();
  const inbound = {
    name: `${method} ${path}`,
    headers: exchange.req.headers,
    adopt: watch.adopt,
    user: watch.userId(exchange.caller.subject),
    attributes: {
      "mlflow.spanType": JSON.stringify("CHAIN"),
      "http.request.method": method,
      "http.route": path,
      "orchestrator.request_id": exchange.request_id,
    },
  };
  await inboundSpan(inbound, async (span) => {
    if (isValidTraceId(span.trace_id)) exchange.res.setHeader("x-trace-id", watch.traceId(span.trace_id));
    await handled(route, exchange, span);
  });
}

async function handled(route: Route, exchange: Exchange, span: InboundSpan): Promise<void> {
  try {
    await route.handle(exchange);
    span.set({ "http.response.status_code": exchange.res.statusCode });
  } catch (error) {
    if (error instanceof ClientGone) {
      span.fail("client_gone");
    } else {
      const { code, status } = asRequestError(error);
      span.set({ "http.response.status_code": status });
      span.fail(code);
    }
    throw error;
  }
}

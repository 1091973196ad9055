/** One log line and one count per request, when its answer has ended or its client has left. */
import { plainTraceId } from "../tracing/trace-ids.ts";
import type { Exchange } from "./exchange.ts";

/** Asked all the time by machines. */
const QUIET = new Set(["/health", "/ready", "/metrics"]);

export function watchRequest(path: string, { req, res, services, log, caller }: Exchange): void {
  const began = services.clock();
  const metrics = services.watch?.metrics.requests;
  const ended = metrics?.started(path, req.method);
  res.once("close", () => {
    const duration_ms = services.clock() - began;
    // 499, as proxies log it: the client left before the answer was complete.
    const status = res.writableFinished ? res.statusCode : 499;
    ended?.(status, duration_ms / 1_000);
    const line = {
      method: req.method,
      route: path,
      status,
      duration_ms,
      trace_id: plainTraceId(String(res.getHeader("x-trace-id") ?? "")) || undefined,
      user: services.watch?.userId(caller.subject),
    };
    if (QUIET.has(path)) log.debug(line, "request");
    else log.info(line, "request");
  });
}

/** Call it when an event stream begins. */
export function watchStream({ res, services }: Exchange): void {
  const closed = services.watch?.metrics.requests.streamOpened();
  if (closed !== undefined) res.once("close", closed);
}

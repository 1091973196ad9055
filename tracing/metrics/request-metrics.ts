/** Requests as HTTP sees them. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface RequestMetrics {
  /** Returns what to call when the answer has ended. */
  started(route: string, method: string): (status: number, seconds: number) => void;
  streamOpened(): () => void;
}

/** From a health check to a long research question. */
export const SECONDS = [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160];

export function requestMetrics(registry: Registry): RequestMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: "orchestrator_http_requests_total",
    help: "Requests by route and status.",
    labelNames: ["route", "method", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: "orchestrator_http_request_duration_seconds",
    help: "Time until the answer was complete.",
    labelNames: ["route", "method"],
    buckets: SECONDS,
    registers,
  });
  const open = new Gauge({
    name: "orchestrator_http_requests_open",
    help: "Requests under way.",
    labelNames: ["route"],
    registers,
  });
  const streams = new Gauge({ name: "orchestrator_open_streams", help: "Open event streams.", registers });
  return {
    started(route, method) {
      open.inc({ route });
      return (status, took) => {
        open.dec({ route });
        requests.inc({ route, method, status: String(status) });
        seconds.observe({ route, method }, took);
      };
    },
    streamOpened() {
      streams.inc();
      return () => streams.dec();
    },
  };
}

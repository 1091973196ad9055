/** `GET /metrics` for Prometheus. */
import { RequestError } from "../errors.ts";
import type { Route } from "./route.ts";

export const METRICS_ROUTES: readonly Route[] = [
  {
    method: "get",
    paths: ["/metrics"],
    summary: "Metrics in Prometheus' text format.",
    open: true,
    produces: ["text/plain"],
    handle: async ({ res, services }) => {
      const metrics = services.watch?.metrics;
      if (metrics === undefined) throw new RequestError("not_found", "No metrics are kept.");
      res.set("content-type", metrics.contentType).send(await metrics.text());
    },
  },
];

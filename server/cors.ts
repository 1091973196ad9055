/** Cross-origin calls from browsers: refused unless the configuration names the origin. */
import type { RequestHandler } from "express";

const ALLOWED_HEADERS =
  "authorization, content-type, idempotency-key, x-request-id, x-orchestrator-events, x-orchestrator-backend-items, x-mlflow-return-trace-id, x-api-key, x-auth-scheme";

export function cors(origins: readonly string[]): RequestHandler {
  const allowed = new Set(origins);
  return (req, res, next) => {
    if (allowed.size === 0) return next();
    res.vary("Origin");
    const { origin } = req.headers;
    if (origin === undefined || !allowed.has(origin)) return next();
    res.setHeader("access-control-allow-origin", origin);
    res.setHeader("access-control-allow-credentials", "true");
    res.setHeader(
      "access-control-expose-headers",
      "x-request-id, retry-after, content-location, x-pagination-total",
    );
    if (req.method === "OPTIONS" && req.headers["access-control-request-method"] !== undefined) {
      res.setHeader("access-control-allow-methods", "GET, POST, PATCH, DELETE");
      res.setHeader("access-control-allow-headers", ALLOWED_HEADERS);
      res.setHeader("access-control-max-age", "600");
    }
    next();
  };
}

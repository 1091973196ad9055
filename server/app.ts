/** The HTTP surface as one Express app that listens on nothing. */
import express, { type Express } from "express";
import { backgroundRuns } from "./background/background-runs.ts";
import { cors } from "./cors.ts";
import type { ServerDeps } from "./deps.ts";
import { errorHandler } from "./error-handler.ts";
import { RequestError } from "./errors.ts";
import { bufferBody } from "./json-body.ts";
import { Limits } from "./limits.ts";
import { mountRoutes } from "./mount.ts";
import { pacedStarts } from "./paced-starts.ts";
import { requestId } from "./request-id.ts";
import { FailedStreams } from "./responses/failed-streams.ts";
import { allRoutes } from "./routes/all-routes.ts";
import { securityHeaders } from "./security-headers.ts";

export function createApp(deps: ServerDeps): Express {
  const { server } = deps.config;
  const services = {
    ...deps,
    limits: new Limits(server.limits, deps.clock),
    failedStreams: new FailedStreams(deps.clock),
    pacedStart: pacedStarts(),
    background: deps.background ?? backgroundRuns(deps),
  };
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", "simple");
  app.use(requestId(deps.randomId), securityHeaders, cors(server.cors_origins));
  mountRoutes(app, allRoutes(deps.config), services, bufferBody(server.limits.body_bytes));
  if (deps.webRoot !== undefined)
    app.use(express.static(deps.webRoot, { index: "index.html", redirect: false }));
  app.use((req) => {
    throw new RequestError("unknown_url", `Unknown request URL: ${req.method} ${req.path}.`);
  });
  app.use(errorHandler(deps.logger));
  return app;
}

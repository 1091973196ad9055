/** One request as the routes see it: who asks, what was sent, and when to stop. */
import type { Request, Response } from "express";
import type { Logger } from "pino";
import type { Caller } from "../backends/caller.ts";
import type { BackgroundRuns } from "./background/background-runs.ts";
import type { ServerDeps } from "./deps.ts";
import type { Limits } from "./limits.ts";
import type { PacedStart } from "./paced-starts.ts";
import type { FailedStreams } from "./responses/failed-streams.ts";

export interface Services extends ServerDeps {
  limits: Limits;
  failedStreams: FailedStreams;
  background: BackgroundRuns;
  pacedStart: PacedStart;
}

export interface Exchange {
  req: Request;
  res: Response;
  services: Services;
  caller: Caller;
  log: Logger;
  request_id: string;
  /** Aborts when the client goes away. */
  signal: AbortSignal;
  /** Parses the JSON body; throws `RequestError`. */
  json(): unknown;
}

/** `req.params` of the routes' paths are single segments; Express types allow lists for wildcards. */
export function pathParam(exchange: Exchange, name: string): string {
  const value = exchange.req.params[name];
  return typeof value === "string" ? value : "";
}

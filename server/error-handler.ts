/** The last stop of every failing request: one shape, no stack trace (Responses contract section 5). */
import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";
import { ClientGone } from "./client-gone.ts";
import { errorObject, RequestError } from "./errors.ts";
import { requestIdOf } from "./request-id.ts";
import { storeProblem } from "./store-problem.ts";

export function errorHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, _next) => {
    if (error instanceof ClientGone || res.destroyed) return;
    if (res.headersSent) {
      logger.error({ err: error, request_id: requestIdOf(res) }, "failed after the answer had begun");
      res.destroy();
      return;
    }
    const known = asRequestError(error);
    if (known !== error && known.status >= 500) {
      logger.error({ err: error, request_id: requestIdOf(res) }, "request failed");
    }
    sendError(res, known);
  };
}

export function sendError(res: Response, error: RequestError): void {
  res
    .status(error.status)
    .set(error.headers)
    .json({ error: errorObject(error) });
}

/** What Express and its body reader throw carries a status and, for bodies, a type. */
export function asRequestError(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  const ofStore = storeProblem(error);
  if (ofStore !== null) return ofStore;
  const status = numberField(error, "status");
  if (status === 413)
    return new RequestError("request_too_large", "The body is too large.", { cause: error });
  if (status === 415) {
    return new RequestError("unsupported_media_type", "The content encoding is not supported.", {
      cause: error,
    });
  }
  if (status !== undefined && status >= 400 && status < 500) {
    return new RequestError("invalid_value", "The request could not be read.", { cause: error });
  }
  return new RequestError("server_error", "Something went wrong on our side.", { cause: error });
}

function numberField(value: unknown, key: string): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const field: unknown = Reflect.get(value, key);
  return typeof field === "number" ? field : undefined;
}

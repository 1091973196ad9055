/** Errors as the Databricks REST API writes them. */
import { randomUUID } from "node:crypto";
import type { ErrorRequestHandler } from "express";

/** Ends a request with `status` and the body `{error_code, message, details}`. */
export class WireError extends Error {
  override name = "WireError";
  readonly status: number;
  /** A number in the oldest form of the error body. */
  readonly code: string | number;
  readonly headers: Record<string, string>;

  constructor(status: number, code: string | number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export function badRequest(message: string, code = "INVALID_PARAMETER_VALUE"): WireError {
  return new WireError(400, code, message);
}

export function missing(message: string): WireError {
  return new WireError(404, "RESOURCE_DOES_NOT_EXIST", message);
}

/** The body form of contracts section 1, with a request id in `details`. */
export function errorBody(code: string | number, message: string) {
  const info = { "@type": "type.googleapis.com/google.rpc.RequestInfo", request_id: randomUUID() };
  return { error_code: code, message, details: [info] };
}

/** Last handler of the workspace: every error leaves in the Databricks form. */
export const answerErrors: ErrorRequestHandler = (error, _req, res, next) => {
  if (res.headersSent) return next(error);
  if (error instanceof WireError) {
    res.status(error.status).set(error.headers).json(errorBody(error.code, error.message));
  } else if (isBodyError(error)) {
    res.status(error.status).json(errorBody("MALFORMED_REQUEST", error.message));
  } else {
    const message = error instanceof Error ? error.message : String(error);
    res.status(500).json(errorBody("INTERNAL_ERROR", message));
  }
};

/** An error of the body parser: broken JSON, too large, unknown charset. */
export function isBodyError(error: unknown): error is { status: number; message: string; type: string } {
  return typeof error === "object" && error !== null && "status" in error && "type" in error;
}

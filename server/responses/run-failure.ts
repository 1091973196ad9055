/** Why a whole run failed, as the client is told: by cause, never by the text of a message. */
import { RequestError, type RequestErrorCode } from "../errors.ts";
import { RETRY_AFTER_S, STORE_UNAVAILABLE, storeProblem } from "../store-problem.ts";

export interface RunFailure {
  code: Extract<
    RequestErrorCode,
    "rate_limit_exceeded" | "timeout" | "backend_error" | "server_error" | "unavailable" | "invalid_value"
  >;
  message: string;
}

export const INTERNAL_FAILURE: RunFailure = {
  code: "server_error",
  message: "Something went wrong on our side. The request id helps to find out what.",
};

export const DEADLINE_FAILURE: RunFailure = {
  code: "timeout",
  message: "The answer was not ready before the deadline of this request.",
};

/** A run that broke off: the database may be back soon, anything else is a bug. */
export function crashOf(error: unknown): RunFailure {
  return storeProblem(error) === null
    ? INTERNAL_FAILURE
    : { code: "unavailable", message: STORE_UNAVAILABLE };
}

/** Told in a stream that is open already: what the request did wrong, where it is that. */
export function notStarted(error: unknown): RunFailure {
  if (!(error instanceof RequestError) || error.status >= 500) return INTERNAL_FAILURE;
  return { code: "invalid_value", message: error.message };
}

/** `failure` comes from a run in which every step failed; its code is a `BackendErrorCode`. */
export function failureOf(failure: { code: string; message: string } | null): RunFailure {
  if (failure === null) return INTERNAL_FAILURE;
  return { code: codeOf(failure.code), message: failure.message };
}

function codeOf(code: string): RunFailure["code"] {
  if (code === "rate_limited" || code === "busy") return "rate_limit_exceeded";
  if (code === "timeout") return "timeout";
  if (code === "nothing_waits" || code === "checkpoint_gone") return "invalid_value";
  return "backend_error";
}

/** As an HTTP error; `called` tells that a backend was asked, so that a client does not ask again by itself. */
export function failureError(failure: RunFailure, called: boolean): RequestError {
  return new RequestError(failure.code, failure.message, {
    headers: {
      ...(called ? { "x-should-retry": "false" } : {}),
      ...(failure.code === "unavailable" ? { "retry-after": RETRY_AFTER_S } : {}),
    },
  });
}

/** The code inside a failed response: only words from OpenAI's own list (section 5). */
export function responseErrorCode(failure: RunFailure): string {
  return failure.code === "rate_limit_exceeded" ? "rate_limit_exceeded" : "server_error";
}

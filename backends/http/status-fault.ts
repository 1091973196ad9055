/** From an HTTP status and the error body's own code to the code of ours. */
import type { BackendError, BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { loginFault } from "./login-required.ts";
import { readUpstreamError } from "./upstream-error.ts";

export interface FailedResponse {
  backend: string;
  status: number;
  /** The body's beginning; an error body is short. */
  text: string;
  retry_after_ms?: number;
  /** From the response's headers. */
  request_id?: string;
}

/** Codes that say more than the status, as the platform sends some of them with 400 (contracts sections 1 and 5). */
const BY_ERROR_CODE: Record<string, BackendErrorCode> = {
  PERMISSION_DENIED: "forbidden",
  UNAUTHENTICATED: "unauthorized",
  RESOURCE_DOES_NOT_EXIST: "not_found",
  NOT_FOUND: "not_found",
  ENDPOINT_NOT_FOUND: "not_found",
  REQUEST_LIMIT_EXCEEDED: "rate_limited",
  RESOURCE_EXHAUSTED: "rate_limited",
  TEMPORARILY_UNAVAILABLE: "unavailable",
};

export function statusFault(response: FailedResponse): BackendError {
  const upstream = readUpstreamError(response.text);
  const detail = {
    backend: response.backend,
    status: response.status,
    retry_after_ms: response.retry_after_ms,
    request_id: upstream.request_id ?? response.request_id,
    cause: upstream,
  };
  return (
    loginFault(upstream.message, detail) ??
    fault(codeFor(response.status, upstream.code), detail, waitHint(response.retry_after_ms))
  );
}

/** The other side's own word on when it may be asked again. */
function waitHint(retry_after_ms: number | undefined): string | undefined {
  return retry_after_ms === undefined ? undefined : `try again in ${Math.ceil(retry_after_ms / 1_000)} s`;
}

function codeFor(status: number, error_code: string | null): BackendErrorCode {
  const named = error_code === null || status >= 500 ? undefined : BY_ERROR_CODE[error_code];
  return named ?? codeForStatus(status);
}

function codeForStatus(status: number): BackendErrorCode {
  if (status === 429) return "rate_limited";
  if (status === 502 || status === 503 || status === 504) return "unavailable";
  if (status >= 500) return "server_error";
  if (status === 401) return "unauthorized";
  if (status === 403) return "forbidden";
  if (status === 404 || status === 405 || status === 410) return "not_found";
  if (status >= 400) return "rejected";
  // The proxy in front of Apps sends whoever it does not know to a login page (contracts section 2).
  if (status >= 300) return "unauthorized";
  return "malformed";
}

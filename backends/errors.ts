/** The one error of this layer: a closed set of codes, decided where status and headers are known. */

import type { LoginLink } from "./http/login-required.ts";

export const BACKEND_ERROR_CODES = [
  "timeout", // the deadline or the backend's own timeout passed
  "rate_limited", // 429
  "unavailable", // 502, 503, 504, breaker open
  "connect_failed", // DNS, refused, reset before a byte
  "interrupted", // the body or stream ended early
  "server_error", // 500 and other 5xx
  "malformed", // not what the contract says: JSON, content type, fields
  "unauthorized", // 401, or a redirect to a login page
  "forbidden", // 403
  "login_required", // an OAuth connection that the user must log in to first
  "not_found", // 404: no such app, space, endpoint or route
  "stopped", // the app or endpoint is not running
  "rejected", // 400 or 422: the backend refused the request
  "failed", // the backend answered that it failed (Genie FAILED, MCP isError, response.failed)
  "expired", // the result is gone and could not be re-run
  "too_large", // more bytes than the policy allows
  "busy", // our own queue is full
  "needs_user", // identity `user`, but no user token came along
] as const;

export type BackendErrorCode = (typeof BACKEND_ERROR_CODES)[number];

const RETRYABLE: ReadonlySet<BackendErrorCode> = new Set(["rate_limited", "unavailable", "connect_failed"]);

export interface BackendErrorDetail {
  backend: string;
  /** HTTP status, where there was one. */
  status?: number;
  /** Milliseconds that the backend asked us to wait. */
  retry_after_ms?: number;
  /** Calls made before giving up. */
  attempts?: number;
  /** The backend's request or trace id. */
  request_id?: string;
  /** Where it asks for a login; unchecked. */
  login?: LoginLink;
  cause?: unknown;
}

/** `message` is one sentence that the user may read: no body text from outside, no secret, no internal address. */
export class BackendError extends Error {
  readonly code: BackendErrorCode;
  readonly detail: BackendErrorDetail;

  constructor(code: BackendErrorCode, message: string, detail: BackendErrorDetail) {
    super(message, { cause: detail.cause });
    this.name = "BackendError";
    this.code = code;
    this.detail = detail;
  }

  /** Whether asking again may help; safe only where nothing was done by the failed call. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}

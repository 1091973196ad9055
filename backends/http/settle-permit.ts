/** What a call's outcome says to the circuit breaker. */
import { BackendError, type BackendErrorCode } from "../errors.ts";
import type { Permit } from "./breaker.ts";
import type { Scope } from "./scope.ts";

/** Failures that speak of the backend's health rather than of the question or the identity. */
const UNHEALTHY: ReadonlySet<BackendErrorCode> = new Set<BackendErrorCode>([
  "unavailable",
  "connect_failed",
  "interrupted",
  "server_error",
  "timeout",
]);

export function settleFailure(permit: Permit, error: unknown, scope: Scope): void {
  // No token, a caller who left, or a deadline that was short from the start: nothing is said about the backend.
  const foreign =
    !(error instanceof BackendError) ||
    (error.code === "timeout" && scope.signal.aborted && !scope.own_timeout);
  if (foreign) permit.release();
  else if (UNHEALTHY.has(error.code)) permit.failure();
  else permit.success();
}

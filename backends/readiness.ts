/** From the outcome of a check and the breaker to what `/ready` says. */
import type { Readiness } from "./backend.ts";
import type { BackendError, BackendErrorCode } from "./errors.ts";
import type { BreakerState } from "./http/breaker.ts";

const UNAUTHORIZED: ReadonlySet<BackendErrorCode> = new Set<BackendErrorCode>([
  "unauthorized",
  "forbidden",
  "login_required",
  "needs_user",
]);

export function readinessOf(error: BackendError | null, breaker: BreakerState): Readiness {
  if (error !== null) {
    const state =
      error.code === "stopped" ? "stopped" : UNAUTHORIZED.has(error.code) ? "unauthorized" : "down";
    return { ready: false, state, message: error.message, breaker };
  }
  if (breaker === "open") {
    return {
      ready: false,
      state: "down",
      message: "It failed repeatedly; it is tried again shortly.",
      breaker,
    };
  }
  if (breaker === "half_open")
    return { ready: true, state: "degraded", message: "The next question probes it.", breaker };
  return { ready: true, state: "ok", message: "", breaker };
}

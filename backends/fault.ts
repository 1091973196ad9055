/** Builds a `BackendError` with the sentence that belongs to its code. */
import { BackendError, type BackendErrorCode, type BackendErrorDetail } from "./errors.ts";

/** Per kind: the fix that a user of this kind needs to hear, instead of the general one. */
export type Hints = Partial<Record<BackendErrorCode, string>>;

const WHAT: Record<BackendErrorCode, string> = {
  timeout: "did not answer in time",
  rate_limited: "has reached its rate limit",
  unavailable: "is temporarily unavailable",
  connect_failed: "could not be reached",
  interrupted: "broke off in the middle of its answer",
  server_error: "failed with an internal error",
  malformed: "sent an answer that does not follow its contract",
  unauthorized: "did not accept the credentials",
  forbidden: "refused access to this identity",
  login_required: "needs a login to one of its connections first",
  not_found: "was not found",
  stopped: "is not running",
  rejected: "refused the request",
  failed: "could not answer the question",
  expired: "no longer has the result and could not compute it again",
  too_large: "sent more data than is allowed",
  busy: "has too many questions waiting",
  needs_user: "must be asked in the name of a user, but no user token came along",
};

const FIX: Record<BackendErrorCode, string> = {
  timeout: "try again, narrow the question, or raise its `timeout_ms`",
  rate_limited: "try again in a moment",
  unavailable: "try again in a moment",
  connect_failed: "check that it runs and that its address is right",
  interrupted: "try again",
  server_error: "look into its logs",
  malformed: "check that its `kind` and `target` are right",
  unauthorized: "check the workspace's credentials and their scopes",
  forbidden: "grant this identity the permission to use it",
  login_required: "log in and ask again",
  not_found: "check its `target` in the configuration",
  stopped: "start it in the workspace",
  rejected: "check its `kind` and `target`, or rephrase the question",
  failed: "rephrase the question or look into its own trace",
  expired: "ask again",
  too_large: "narrow the question or raise its `policy.max_bytes`",
  busy: "try again in a moment, or raise its `policy.queue`",
  needs_user: "sign in, or set `identity: app`",
};

export function fault(
  code: BackendErrorCode,
  detail: BackendErrorDetail,
  hint: string = FIX[code],
): BackendError {
  return new BackendError(code, `${detail.backend} ${WHAT[code]}: ${hint}.`, detail);
}

/**
 * The same fault with the number of calls made, and with the hint of its kind where it has only the general one.
 */
export function withHint(error: BackendError, hints: Hints, attempts = error.detail.attempts): BackendError {
  const detail = { ...error.detail, attempts };
  const general = error.message === fault(error.code, detail).message;
  return general
    ? fault(error.code, detail, hints[error.code])
    : new BackendError(error.code, error.message, detail);
}

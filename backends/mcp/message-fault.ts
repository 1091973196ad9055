/** Error messages of MCP, from JSON-RPC errors and from results with `isError`. */
import type { BackendError, BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { loginFault } from "../http/login-required.ts";
import { UpstreamError } from "../http/upstream-error.ts";

/** Managed MCP puts the platform's error code in front of the message (contracts section 3a). */
const PREFIX = /^(?:MCP error -?\d+: )?([A-Z][A-Z_]{3,40}):/;

const BY_PREFIX: Record<string, BackendErrorCode> = {
  NOT_FOUND: "not_found",
  RESOURCE_DOES_NOT_EXIST: "not_found",
  PERMISSION_DENIED: "forbidden",
  UNAUTHENTICATED: "unauthorized",
  BAD_REQUEST: "rejected",
  INVALID_PARAMETER_VALUE: "rejected",
  REQUEST_LIMIT_EXCEEDED: "rate_limited",
  TEMPORARILY_UNAVAILABLE: "unavailable",
};

export function messageFault(backend: string, message: string, by_code?: BackendErrorCode): BackendError {
  const prefix = PREFIX.exec(message)?.[1] ?? "";
  const cause = new UpstreamError(prefix === "" ? null : prefix, message, null);
  const detail = { backend, cause };
  return loginFault(message, detail) ?? fault(BY_PREFIX[prefix] ?? by_code ?? "failed", detail);
}

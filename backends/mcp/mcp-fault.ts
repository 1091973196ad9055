/** JSON-RPC errors and the SDK's own errors as `BackendError`. */
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { BackendError, type BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { loginSentence } from "../http/login-required.ts";
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

const BY_RPC_CODE: Record<number, BackendErrorCode> = {
  [ErrorCode.RequestTimeout]: "timeout",
  [ErrorCode.ConnectionClosed]: "interrupted",
  [ErrorCode.ParseError]: "rejected",
  [ErrorCode.InvalidRequest]: "rejected",
  [ErrorCode.MethodNotFound]: "not_found",
  [ErrorCode.InvalidParams]: "rejected",
};

/** What is neither of theirs nor ours is returned as it is. */
export function mcpFault(backend: string, error: unknown): unknown {
  if (error instanceof BackendError) return error;
  if (error instanceof McpError) return messageFault(backend, error.message, BY_RPC_CODE[error.code]);
  if (error instanceof StreamableHTTPError) return fault("malformed", { backend, cause: error });
  // The SDK checks every message against the protocol's schema.
  if (error instanceof Error && error.name === "$ZodError")
    return fault("malformed", { backend, cause: error });
  return error;
}

/** For JSON-RPC errors and for results with `isError`. */
export function messageFault(backend: string, message: string, by_code?: BackendErrorCode): BackendError {
  const prefix = PREFIX.exec(message)?.[1] ?? "";
  const cause = new UpstreamError(prefix === "" ? null : prefix, message.slice(0, 1_000), null);
  const login = loginSentence(message);
  if (login !== null) return new BackendError("login_required", login, { backend, cause });
  return fault(BY_PREFIX[prefix] ?? by_code ?? "failed", { backend, cause });
}

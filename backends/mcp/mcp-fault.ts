/** JSON-RPC errors and the SDK's own errors as `BackendError`. */
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

/** Codes of JSON-RPC 2.0 and, above -32010, of the MCP SDK. */
const BY_RPC_CODE: Record<number, BackendErrorCode> = {
  [-32000]: "interrupted", // connection closed
  [-32001]: "timeout",
  [-32700]: "rejected", // parse error
  [-32600]: "rejected", // invalid request
  [-32601]: "not_found", // no such method
  [-32602]: "rejected", // invalid parameters
};

/**
 * What is neither of the SDK nor ours is returned as it is. The SDK's errors are told by their names: importing its
 * classes would load it at the start of every process.
 */
export function mcpFault(backend: string, error: unknown): unknown {
  if (error instanceof BackendError || !(error instanceof Error)) return error;
  const code = "code" in error && typeof error.code === "number" ? error.code : null;
  if (error.name === "McpError") return messageFault(backend, error.message, BY_RPC_CODE[code ?? 0]);
  // Every message is checked against the protocol's schema, every reply against its content type.
  const odd =
    error.name === "$ZodError" ||
    error.name === "ZodError" ||
    error.message.startsWith("Streamable HTTP error");
  return odd ? fault("malformed", { backend, cause: error }) : error;
}

/** For JSON-RPC errors and for results with `isError`. */
export function messageFault(backend: string, message: string, by_code?: BackendErrorCode): BackendError {
  const prefix = PREFIX.exec(message)?.[1] ?? "";
  const cause = new UpstreamError(prefix === "" ? null : prefix, message.slice(0, 1_000), null);
  const login = loginSentence(message);
  if (login !== null) return new BackendError("login_required", login, { backend, cause });
  return fault(BY_PREFIX[prefix] ?? by_code ?? "failed", { backend, cause });
}

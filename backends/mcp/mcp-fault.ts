/** The MCP SDK's own errors as `BackendError`. */
import { StreamableHTTPError } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ErrorCode, McpError } from "@modelcontextprotocol/sdk/types.js";
import { BackendError, type BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { messageFault } from "./message-fault.ts";

const BY_RPC_CODE: Record<number, BackendErrorCode> = {
  [ErrorCode.RequestTimeout]: "timeout",
  [ErrorCode.ConnectionClosed]: "interrupted",
  [ErrorCode.ParseError]: "rejected",
  [ErrorCode.InvalidRequest]: "rejected",
  [ErrorCode.MethodNotFound]: "not_found",
  [ErrorCode.InvalidParams]: "rejected",
};

/** What is neither of the SDK nor ours is returned as it is. */
export function mcpFault(backend: string, error: unknown): unknown {
  if (error instanceof BackendError) return error;
  if (error instanceof McpError) return messageFault(backend, error.message, BY_RPC_CODE[error.code]);
  if (error instanceof StreamableHTTPError) return fault("malformed", { backend, cause: error });
  // The SDK checks every message against the protocol's schema.
  const odd = error instanceof Error && (error.name === "$ZodError" || error.name === "ZodError");
  return odd ? fault("malformed", { backend, cause: error }) : error;
}

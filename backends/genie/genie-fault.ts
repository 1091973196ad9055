/** Why Genie failed, by `error.type` (contracts section 3b). */
import type { BackendError, BackendErrorCode } from "../errors.ts";
import { fault } from "../fault.ts";
import { UpstreamError } from "../http/upstream-error.ts";
import type { GenieMessage } from "./genie-message.ts";

const BY_TYPE: Record<string, [BackendErrorCode, string]> = {
  RATE_LIMIT_EXCEEDED_GENERIC_EXCEPTION: ["rate_limited", "try again in a moment"],
  WAREHOUSE_ACCESS_MISSING_EXCEPTION: ["forbidden", "grant this identity CAN USE on the space's warehouse"],
  NO_TABLES_TO_QUERY_EXCEPTION: ["failed", "add tables to the Genie space"],
  CONTEXT_EXCEEDED_EXCEPTION: ["failed", "the conversation has grown too long, begin a new one"],
  SQL_EXECUTION_EXCEPTION: ["failed", "its query could not be run, check the permissions on the tables"],
};

const GENERAL: [BackendErrorCode, string?] = ["failed"];

export function genieFault(backend: string, message: GenieMessage): BackendError {
  const [code, hint] = BY_TYPE[message.error_type ?? ""] ?? GENERAL;
  const cause = new UpstreamError(
    message.error_type,
    `Genie ended with ${message.status}`,
    message.message_id,
  );
  return fault(code, { backend, request_id: message.message_id, cause }, hint);
}

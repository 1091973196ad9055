/** Error frames of a stream in all their forms (contracts section 1, trap 2). */
import type { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";
import { asObject, asText, type JsonObject } from "../json-fields.ts";
import { loginFault } from "../http/login-required.ts";
import { readUpstreamError } from "../http/upstream-error.ts";

/** Codes inside a stream that say more than that it failed. */
const BY_CODE: Record<string, "timeout" | "rate_limited" | "unavailable"> = {
  task_timeout: "timeout",
  rate_limit_exceeded: "rate_limited",
  REQUEST_LIMIT_EXCEEDED: "rate_limited",
  TEMPORARILY_UNAVAILABLE: "unavailable",
};

/** Null when the frame is no error. */
export function streamFault(frame: JsonObject, backend: string): BackendError | null {
  const error = errorOf(frame);
  if (error === null) return null;
  const upstream = readUpstreamError(JSON.stringify(error));
  const detail = { backend, cause: upstream, request_id: upstream.request_id ?? undefined };
  return loginFault(upstream.message, detail) ?? fault(BY_CODE[upstream.code ?? ""] ?? "failed", detail);
}

function errorOf(frame: JsonObject): JsonObject | null {
  const inner = frame["error"];
  if (frame["type"] === "error") return asObject(inner) ?? frame;
  if (frame["type"] === "response.failed") {
    const error = asObject(asObject(frame["response"])?.["error"]);
    return error ?? { message: "response.failed" };
  }
  if (asText(frame["type"]) !== null || frame["object"] === "response") return null;
  if (typeof inner === "string") return { message: inner };
  const object = asObject(inner);
  if (object !== null) return object;
  return asText(frame["error_code"]) === null ? null : frame;
}

/** What went wrong below HTTP, by the error's code. */
import type { BackendError } from "../errors.ts";
import { fault } from "../fault.ts";

/** Codes of TLS failures end like this or start with CERT_/ERR_TLS (Node's documentation of `tls`). */
const TLS = /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const code = (error as NodeJS.ErrnoException).code;
  if (typeof code === "string") return code;
  return error.cause === undefined ? "" : codeOf(error.cause);
}

/** Before the first byte of an answer. Null when the error is no network error, so a bug. */
export function connectFault(backend: string, error: unknown): BackendError | null {
  const code = codeOf(error);
  const detail = { backend, cause: error };
  if (code === "" || code === "UND_ERR_INVALID_ARG") return null;
  if (TLS.test(code)) return fault("connect_failed", detail, "its TLS certificate could not be verified");
  if (code === "UND_ERR_HEADERS_TIMEOUT") return fault("timeout", detail);
  if (code.startsWith("HPE_") || code === "UND_ERR_HEADERS_OVERFLOW") return fault("malformed", detail);
  return fault("connect_failed", detail);
}

/** Codes that prove that the request never reached the other side. */
const NOTHING_SENT = new Set([
  "ENOTFOUND",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

export function nothingSent(error: BackendError): boolean {
  return error.code === "connect_failed" && NOTHING_SENT.has(codeOf(error.cause));
}

/** After the headers. */
export function bodyFault(backend: string, error: unknown): BackendError {
  const code = codeOf(error) === "UND_ERR_BODY_TIMEOUT" ? "timeout" : "interrupted";
  return fault(code, { backend, cause: error });
}

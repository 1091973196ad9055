/** Error bodies in all four forms of contracts section 1. What they say stays inside: for codes, logs and spans only. */
import { asObject, asList, asText, parseJson, type JsonObject } from "../json-fields.ts";

/** The cause of a `BackendError`: never shown to a user, short, and without credentials whoever makes it. */
export class UpstreamError extends Error {
  /** `error_code` or `code` as it came, e.g. `PERMISSION_DENIED`. */
  readonly code: string | null;
  readonly request_id: string | null;

  constructor(code: string | null, message: string, request_id: string | null) {
    super(harmless(message, MAX_MESSAGE));
    this.name = "UpstreamError";
    this.code = code === null ? null : harmless(code, MAX_CODE);
    this.request_id = request_id;
  }
}

const MAX_MESSAGE = 1_000;
const MAX_CODE = 100;
/** Credentials that a careless server may echo. A token is looked for once in each word: words may be megabytes long. */
const CREDENTIAL =
  /(bearer\s+)[\w.~+/=-]+|\bdapi[0-9a-f]{16,}\b|(?<![\w-])(?=(?:[\w-]*-)?eyJ)[\w-]+\.[\w-]+\.[\w-]*/gi;

export function readUpstreamError(text: string): UpstreamError {
  const body = asObject(parseJson(text));
  if (body === null) return new UpstreamError(null, text.startsWith("<") ? "an HTML page" : text, null);
  const inner = asObject(body["error"]);
  const code = codeOf(body) ?? (inner === null ? null : codeOf(inner));
  const message =
    asText(body["message"]) ??
    asText(inner?.["message"]) ??
    asText(body["error"]) ??
    asText(body["detail"]) ??
    asText(body["error_description"]) ??
    "no message";
  return new UpstreamError(code, message, requestId(body));
}

/** Cut at the end: half a credential looks like none. */
function harmless(text: string, longest: number): string {
  return text.replace(CREDENTIAL, "[secret]").slice(0, longest);
}

/** Databricks' `error_code`, else the `code` or `type` of an OpenAI envelope, else OAuth's `error` word. */
function codeOf(body: JsonObject): string | null {
  const code = body["error_code"] ?? body["code"] ?? body["type"];
  if (typeof code === "number") return String(code);
  return asText(code);
}

function requestId(body: JsonObject): string | null {
  for (const detail of asList(body["details"])) {
    const id = asText(asObject(detail)?.["request_id"]);
    if (id !== null) return id;
  }
  return asText(body["request_id"]);
}

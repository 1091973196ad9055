/** The one error of this layer: what a request did wrong, or why it cannot be served now (Responses contract section 5). */

/** Every code that leaves the server, with its HTTP status; the documentation's table is made from it. */
export const REQUEST_ERROR_STATUS = {
  missing_required_parameter: 400,
  invalid_type: 400,
  invalid_value: 400,
  invalid_json: 400,
  unsupported_parameter: 400,
  mutually_exclusive_parameters: 400,
  previous_response_not_found: 400,
  invalid_api_key: 401,
  response_not_found: 404,
  not_found: 404,
  unknown_url: 404,
  method_not_allowed: 405,
  conversation_locked: 409,
  request_too_large: 413,
  unsupported_media_type: 415,
  idempotency_key_reused: 422,
  rate_limit_exceeded: 429,
  server_error: 500,
  backend_error: 502,
  unavailable: 503,
  timeout: 504,
} as const;

export type RequestErrorCode = keyof typeof REQUEST_ERROR_STATUS;

export interface RequestErrorDetail {
  /** Path of the field at fault, e.g. `input[0].content[1].type`. */
  param?: string;
  /** Further response headers, e.g. `Allow` or `Retry-After`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** `message` is shown to the caller: one sentence, no internals. */
export class RequestError extends Error {
  readonly code: RequestErrorCode;
  readonly param: string | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RequestErrorCode, message: string, detail: RequestErrorDetail = {}) {
    super(message, { cause: detail.cause });
    this.name = "RequestError";
    this.code = code;
    this.param = detail.param ?? null;
    this.headers = detail.headers ?? {};
  }

  get status(): number {
    return REQUEST_ERROR_STATUS[this.code];
  }
}

export interface ErrorObject {
  message: string;
  type: string;
  param: string | null;
  code: string;
}

/** The object under `error` in every failing answer. */
export function errorObject(error: RequestError): ErrorObject {
  return { message: error.message, type: errorType(error.status), param: error.param, code: error.code };
}

function errorType(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}

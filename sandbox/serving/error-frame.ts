/** The forms in which a stream says that it failed, after HTTP 200 (contracts section 1, trap 2). */
import type { Fault } from "../http/faults.ts";

export function errorFrame({ form = "untyped", message = "The agent failed in mid-answer." }: Fault): object {
  switch (form) {
    case "typed":
      return { type: "error", code: "server_error", message, param: null, sequence_number: 99 };
    case "failed":
      return { type: "response.failed", response: failedResponse(message) };
    default:
      return { error: message };
  }
}

/** The body of a response that failed. */
export function failedResponse(message = "The agent failed.") {
  return {
    id: "resp_failed",
    object: "response",
    status: "failed",
    error: { code: "server_error", message },
    output: [],
  };
}

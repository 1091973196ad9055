/** What the readers of all frame forms write into while one answer is read. */
import type { Json, TokenUsage } from "../backend.ts";
import { asObject, asText, type JsonObject } from "../json-fields.ts";
import { createMessageAssembly, type MessageAssembly } from "./messages.ts";

export interface Gathering {
  messages: MessageAssembly;
  /** Citations that came outside of a message's content parts. */
  annotations: Json[];
  /** Merged over all frames. */
  custom_outputs: JsonObject;
  usage: TokenUsage | null;
  model?: string;
  response_id?: string;
  trace_id?: string;
  request_id?: string;
  /** Whether a response, a completion or a message has come to its end. */
  ended: boolean;
  /** Whether the present response cycle has brought a message; a stream may hold several cycles. */
  cycle_has_text: boolean;
}

export function startGathering(onText: (delta: string) => void): Gathering {
  return {
    messages: createMessageAssembly(onText),
    annotations: [],
    custom_outputs: {},
    usage: null,
    ended: false,
    cycle_has_text: false,
  };
}

/** Trace ids, request ids and custom outputs sit on different levels (contracts section 1). */
export function gatherDetails(into: Gathering, value: JsonObject): void {
  const platform = asObject(value["databricks_output"]);
  const of_platform = asText(asObject(asObject(platform?.["trace"])?.["info"])?.["trace_id"]);
  const of_app = asText(asObject(value["metadata"])?.["trace_id"]) ?? asText(value["trace_id"]);
  into.trace_id ??= of_platform ?? of_app ?? undefined;
  into.request_id ??= asText(platform?.["databricks_request_id"]) ?? undefined;
  Object.assign(into.custom_outputs, asObject(value["custom_outputs"]));
}

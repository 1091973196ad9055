/** Collects an agent's answer from frames or bodies of any known form: Responses, chat completions, ChatAgent. */
import type { Json, TokenUsage } from "../backend.ts";
import { asObject, asText, type JsonObject } from "../json-fields.ts";
import { gatherAgentDelta, gatherChoices, gatherMessages, gatherPredictions } from "./chat-frames.ts";
import { gatherDetails, startGathering, type Gathering } from "./gathering.ts";
import type { AssembledMessage } from "./messages.ts";
import { gatherResponse, gatherTypedFrame } from "./responses-frames.ts";
import { streamFault } from "./stream-fault.ts";

export interface Collected {
  messages: AssembledMessage[];
  annotations: Json[];
  custom_outputs: JsonObject;
  usage: TokenUsage | null;
  model?: string;
  response_id?: string;
  trace_id?: string;
  request_id?: string;
}

export interface Collector {
  /** Throws `BackendError` for error frames. */
  frame(frame: JsonObject): void;
  /** A whole body that was not streamed. */
  body(body: JsonObject): void;
  /** Whether everything that was begun was also finished. */
  complete(): boolean;
  result(): Collected;
}

export function createCollector(backend: string, onText: (delta: string) => void): Collector {
  const gathered = startGathering(onText);
  return {
    frame(frame) {
      const error = streamFault(frame, backend);
      if (error !== null) throw error;
      gatherFrame(gathered, frame);
    },
    body(body) {
      const error = bodyFault(body, backend);
      if (error !== null) throw error;
      gatherBody(gathered, body);
    },
    complete: () => gathered.ended || !gathered.messages.unfinished(),
    result: () => ({ ...gathered, messages: gathered.messages.all() }),
  };
}

function gatherFrame(into: Gathering, frame: JsonObject): void {
  const type = asText(frame["type"]);
  const delta = asObject(frame["delta"]);
  if (type !== null) gatherTypedFrame(into, type, frame);
  else if (frame["choices"] !== undefined) gatherChoices(into, frame);
  else {
    if (delta !== null) gatherAgentDelta(into, delta);
    gatherDetails(into, frame);
  }
}

function gatherBody(into: Gathering, body: JsonObject): void {
  if (body["choices"] !== undefined) gatherChoices(into, body);
  else if (body["messages"] !== undefined) gatherMessages(into, body);
  else if (body["predictions"] !== undefined) gatherPredictions(into, body);
  else gatherResponse(into, body);
}

function bodyFault(body: JsonObject, backend: string) {
  if (body["status"] === "failed") return streamFault({ type: "response.failed", response: body }, backend);
  const error = body["error"];
  return error === undefined || error === null ? null : streamFault({ error }, backend);
}

/** Collects an agent's answer from frames of any known form: Responses, chat completions, ChatAgent. */
import type { Json, TokenUsage } from "../backend.ts";
import { asList, asNumber, asObject, asText, type JsonObject } from "../json-fields.ts";
import { contentText } from "../models/content-text.ts";
import { createMessageAssembly, type AssembledMessage } from "./messages.ts";
import { streamFault } from "./stream-fault.ts";
import { addUsage, readTokenUsage } from "./token-usage.ts";

export interface Collected {
  messages: AssembledMessage[];
  /** Citations that came outside of a message's content parts. */
  annotations: Json[];
  /** Merged over all frames. */
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
  /** A whole non-streaming body. */
  body(body: JsonObject): void;
  /** Whether everything that was begun was also finished. */
  complete(): boolean;
  result(): Collected;
}

export function createCollector(backend: string, onText: (delta: string) => void): Collector {
  const messages = createMessageAssembly(onText);
  const found: Omit<Collected, "messages"> = { annotations: [], custom_outputs: {}, usage: null };
  let ended = false;
  /** Whether the present response cycle has brought a message; a stream may hold several cycles. */
  let cycle_has_text = false;

  function item(value: Json | undefined): void {
    const item = asObject(value);
    if (item?.["type"] !== "message" && !(item?.["type"] === undefined && item?.["content"] !== undefined))
      return;
    if (asText(item?.["role"]) === "user") return;
    cycle_has_text = true;
    messages.done(item);
  }

  function response(value: JsonObject): void {
    if (!cycle_has_text) for (const output of asList(value["output"])) item(output);
    found.usage = addUsage(found.usage, readTokenUsage(value["usage"]));
    found.model ??= asText(value["model"]) ?? undefined;
    found.response_id ??= asText(value["id"]) ?? undefined;
    details(value);
    ended = true;
    cycle_has_text = false;
  }

  /** Trace ids, request ids and custom outputs sit on different levels (contracts section 1). */
  function details(value: JsonObject): void {
    const platform = asObject(value["databricks_output"]);
    const trace = asObject(asObject(platform?.["trace"])?.["info"])?.["trace_id"];
    found.trace_id ??=
      asText(trace) ??
      asText(asObject(value["metadata"])?.["trace_id"]) ??
      asText(value["trace_id"]) ??
      undefined;
    found.request_id ??= asText(platform?.["databricks_request_id"]) ?? undefined;
    Object.assign(found.custom_outputs, asObject(value["custom_outputs"]));
  }

  function choices(frame: JsonObject): void {
    const choice = asObject(asList(frame["choices"])[0]);
    const message = asObject(choice?.["message"]);
    if (message !== null) chatMessage(message);
    const text = contentText(asObject(choice?.["delta"])?.["content"]);
    if (text !== "") messages.delta(null, text);
    if (asText(choice?.["finish_reason"]) !== null) ended = true;
    found.usage = readTokenUsage(frame["usage"]) ?? found.usage;
    found.model ??= asText(frame["model"]) ?? undefined;
    details(frame);
  }

  function chatMessage(message: JsonObject): void {
    const role = asText(message["role"]);
    const text = contentText(message["content"]);
    if ((role !== null && role !== "assistant") || text === "") return;
    found.annotations.push(...asList(message["citations"]), ...asList(message["annotations"]));
    messages.done({ ...message, content: text });
    ended = true;
  }

  function typed(type: string, frame: JsonObject): void {
    const id = asText(frame["item_id"]);
    switch (type) {
      case "response.output_text.delta":
        cycle_has_text = true;
        return messages.delta(id, asText(frame["delta"]) ?? "");
      case "response.created":
        cycle_has_text = false;
        return;
      case "response.output_item.added":
        if (asObject(frame["item"])?.["type"] === "message")
          messages.open(asText(asObject(frame["item"])?.["id"]));
        return;
      case "response.output_text.done":
        cycle_has_text = true;
        return messages.part(id, asText(frame["text"]) ?? "");
      case "response.output_text.annotation.added":
        return messages.annotation(id, frame["annotation"] ?? null);
      case "response.output_item.done":
        details(frame);
        return item(frame["item"]);
      case "response.completed":
      case "response.incomplete":
        return response(asObject(frame["response"]) ?? {});
      default:
        return details(frame);
    }
  }

  return {
    frame(frame) {
      const error = streamFault(frame, backend);
      if (error !== null) throw error;
      const type = asText(frame["type"]);
      const delta = asObject(frame["delta"]);
      if (type !== null) typed(type, frame);
      else if (frame["choices"] !== undefined) choices(frame);
      else if (delta !== null && asText(delta["role"]) !== "tool") {
        messages.delta(asText(delta["id"]), contentText(delta["content"]));
        details(frame);
      } else details(frame);
    },
    body(body) {
      const error = bodyFault(body, backend);
      if (error !== null) throw error;
      if (body["choices"] !== undefined) choices(body);
      else if (body["messages"] !== undefined) {
        for (const value of asList(body["messages"])) chatMessage(asObject(value) ?? {});
        found.usage = readTokenUsage(body["usage"]);
        details(body);
      } else if (body["predictions"] !== undefined) predictions(body);
      else response(body);
    },
    complete: () => ended || !messages.unfinished(),
    result: () => ({ ...found, messages: messages.all() }),
  };

  function predictions(body: JsonObject): void {
    const first = asObject(asList(body["predictions"])[0]) ?? asObject(body["predictions"]);
    if (first?.["choices"] !== undefined) choices(first);
    else if (asNumber(asList(body["predictions"]).length) !== 0)
      found.custom_outputs["predictions"] = body["predictions"] ?? null;
    details(body);
  }
}

function bodyFault(body: JsonObject, backend: string) {
  if (body["status"] === "failed") return streamFault({ type: "response.failed", response: body }, backend);
  const error = body["error"];
  return error === undefined || error === null ? null : streamFault({ error }, backend);
}

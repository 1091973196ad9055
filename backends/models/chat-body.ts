/** A chat request as chat completions want it on the wire, with the rules of contracts section 5. */
import type { ModelEndpointConfig } from "../../config/schema.ts";
import type { Json } from "../backend.ts";
import type { ChatMessage, ChatRequest } from "../chat-model.ts";
import type { JsonObject } from "../json-fields.ts";

export function chatBody(
  config: ModelEndpointConfig,
  model: string,
  request: ChatRequest,
  stream: boolean,
): JsonObject {
  const temperature = request.temperature ?? config.temperature;
  return {
    model,
    messages: request.messages.map((message) => wireMessage(message, model)),
    // Reserved up front against the output limit, so it is always sent and kept small.
    max_tokens: request.max_output_tokens ?? config.max_output_tokens,
    stream,
    ...(stream && config.stream_usage && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    ...(request.top_p !== undefined && { top_p: request.top_p }),
    ...toolFields(request),
    ...formatField(request),
  };
}

function wireMessage(message: ChatMessage, model: string): Json {
  const calls = (message.tool_calls ?? []).map(({ id, name, arguments: text }) => ({
    id,
    type: "function",
    function: { name, arguments: text },
  }));
  const content = message.content as Json;
  // Claude refuses an empty text beside tool calls.
  const spaced = calls.length > 0 && content === "" && model.includes("claude") ? " " : content;
  return {
    role: message.role,
    content: spaced,
    ...(calls.length > 0 && { tool_calls: calls }),
    ...(message.tool_call_id !== undefined && { tool_call_id: message.tool_call_id }),
  };
}

/** `strict` is left out of tools: only gpt models take it, and none needs it. */
function toolFields({ tools, tool_choice }: ChatRequest): JsonObject {
  if (tools === undefined || tools.length === 0) return {};
  const functions = tools.map(({ name, description, parameters }) => ({
    type: "function",
    function: { name, ...(description !== undefined && { description }), parameters },
  }));
  if (tool_choice === undefined) return { tools: functions };
  const choice = typeof tool_choice === "string" ? tool_choice : { type: "function", function: tool_choice };
  return { tools: functions, tool_choice: choice };
}

function formatField({ json_schema, json_object }: ChatRequest): JsonObject {
  if (json_schema !== undefined) {
    const { name, schema, strict = true } = json_schema;
    return { response_format: { type: "json_schema", json_schema: { name, schema, strict } } };
  }
  return json_object === true ? { response_format: { type: "json_object" } } : {};
}

/** The response object: every key always present, as the strictest clients want it (Responses contract section 4). */
import type { Json } from "../../backends/backend.ts";
import type { CreateRequest } from "./request-schema.ts";
import type { OutputItem } from "./output-items.ts";
import type { WireUsage } from "./usage.ts";

export type ResponseStatus = "queued" | "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";

export interface ResponseBody {
  id: string;
  object: "response";
  /** Whole seconds. */
  created_at: number;
  completed_at: number | null;
  status: ResponseStatus;
  background: boolean;
  error: { code: string; message: string } | null;
  incomplete_details: { reason: "max_output_tokens" } | null;
  output: OutputItem[];
  usage: WireUsage | null;
  store: boolean;
  metadata: Record<string, string>;
  custom_outputs: { [key: string]: Json };
  /** What is echoed from the request. */
  [echoed: string]: unknown;
}

export interface BodyHead {
  id: string;
  /** Epoch milliseconds. */
  created_at: number;
  /** The model named by the client, or the configured name. */
  model: string;
  store: boolean;
  thread_key: string | null;
  conversation_id: string | null;
  request: CreateRequest;
}

/** The object of `response.created`: no output yet, usage unknown. */
export function openBody(head: BodyHead): ResponseBody {
  const { request } = head;
  return {
    id: head.id,
    object: "response",
    created_at: Math.floor(head.created_at / 1000),
    completed_at: null,
    status: "in_progress",
    background: request.background === true,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    max_tool_calls: request.max_tool_calls ?? null,
    model: head.model,
    output: [],
    parallel_tool_calls: request.parallel_tool_calls ?? true,
    previous_response_id: request.previous_response_id ?? null,
    prompt_cache_key: request.prompt_cache_key ?? null,
    reasoning: { effort: request.reasoning?.effort ?? null, summary: request.reasoning?.summary ?? null },
    safety_identifier: request.safety_identifier ?? null,
    service_tier: "default",
    store: head.store,
    temperature: request.temperature ?? 1,
    top_p: request.top_p ?? 1,
    presence_penalty: request.presence_penalty ?? 0,
    frequency_penalty: request.frequency_penalty ?? 0,
    top_logprobs: request.top_logprobs ?? 0,
    text: { format: echoedFormat(request) },
    tool_choice: request.tool_choice ?? "auto",
    tools: (request.tools ?? []).map(echoedTool),
    truncation: request.truncation ?? "disabled",
    metadata: { ...request.metadata },
    usage: null,
    user: request.user ?? null,
    ...(head.conversation_id === null ? {} : { conversation: { id: head.conversation_id } }),
    custom_outputs: head.thread_key === null ? {} : { thread_id: head.thread_key },
  };
}

function echoedFormat(request: CreateRequest) {
  const format = request.text?.format;
  if (format?.type !== "json_schema") return { type: format?.type ?? "text" };
  const { name, schema, strict } = "json_schema" in format ? format.json_schema : format;
  return { type: "json_schema", name, description: null, schema, strict: strict ?? false };
}

function echoedTool(tool: NonNullable<CreateRequest["tools"]>[number]) {
  return {
    type: "function",
    name: tool.name,
    description: tool.description ?? null,
    parameters: tool.parameters ?? null,
    strict: tool.strict ?? null,
  };
}

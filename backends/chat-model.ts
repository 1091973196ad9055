/** A chat model, whoever serves it. Implementations speak chat completions (contracts section 5). */
import type { TokenUsage } from "./backend.ts";
import type { Json } from "./backend.ts";

export interface ChatMessage {
  role: "system" | "user" | "assistant" | "tool";
  content: string | ChatPart[];
  tool_calls?: ToolCall[];
  tool_call_id?: string;
}

export type ChatPart =
  { type: "text"; text: string } | { type: "image_url"; image_url: { url: string; detail?: string } };

export interface ToolCall {
  id: string;
  name: string;
  /** JSON text, as the model wrote it. */
  arguments: string;
}

export interface ChatRequest {
  messages: ChatMessage[];
  tools?: { name: string; description?: string; parameters: Json }[];
  tool_choice?: "auto" | "none" | "required" | { name: string };
  /** Structured output by JSON schema. */
  json_schema?: { name: string; schema: Json; strict?: boolean };
  /** Any JSON object. */
  json_object?: boolean;
  max_output_tokens?: number;
  temperature?: number;
  top_p?: number;
}

export interface ChatResult {
  text: string;
  tool_calls: ToolCall[];
  finish_reason: "stop" | "length" | "tool_calls" | "content_filter" | "other";
  usage: TokenUsage | null;
  model: string;
}

export interface ModelCall {
  signal: AbortSignal;
  deadline: number;
}

/** Throws `BackendError` with the model's name as backend; the caller's abort passes through. */
export interface ChatModel {
  /** Endpoint or model name, for traces and prices. */
  readonly name: string;
  complete(request: ChatRequest, call: ModelCall): Promise<ChatResult>;
  /** Text goes to `onText` as it arrives; the promise resolves with the whole. */
  stream(request: ChatRequest, call: ModelCall, onText: (delta: string) => void): Promise<ChatResult>;
  close(): Promise<void>;
}

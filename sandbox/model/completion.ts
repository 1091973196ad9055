/** A scripted answer as a chat completion, whole or as stream chunks (contracts section 5). */
import { randomUUID } from "node:crypto";
import type { Frame } from "../http/event-stream.ts";
import { chunks } from "../serving/chunks.ts";
import type { Scripted } from "./script.ts";

type Usage = Record<string, number>;

/** Used where the script says nothing: four characters to a token. */
export function usageOf(answer: Scripted, request: unknown): Usage {
  if (answer.usage) return answer.usage;
  const prompt_tokens = Math.ceil(JSON.stringify(request).length / 4);
  const completion_tokens = Math.ceil(
    JSON.stringify(contentOf(answer) ?? answer.tool_calls ?? "").length / 4,
  );
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

export function completionBody(answer: Scripted, model: string, usage: Usage) {
  const tool_calls = answer.tool_calls?.map(toolCall);
  const message = { role: "assistant", content: contentOf(answer), ...(tool_calls ? { tool_calls } : {}) };
  const finish_reason = finishReason(answer);
  return { ...head("chat.completion", model), choices: [{ index: 0, message, finish_reason }], usage };
}

/** The usage is on a last chunk without choices, when the caller asked for it. */
export function* completionFrames(answer: Scripted, model: string, usage: Usage | null): Generator<Frame> {
  const opening = head("chat.completion.chunk", model);
  const chunk = (delta: unknown, finish_reason: string | null = null) => ({
    ...opening,
    choices: [{ index: 0, delta, finish_reason }],
  });
  for (const { raw, delta, delay_ms } of pieces(answer)) yield { data: raw ?? chunk(delta), delay_ms };
  yield { data: chunk({}, finishReason(answer)) };
  if (usage) yield { data: { ...opening, choices: [], usage } };
}

interface Piece {
  delta?: unknown;
  raw?: string;
  delay_ms?: number;
}

function* pieces(answer: Scripted): Generator<Piece> {
  if (answer.chunks) {
    yield* answer.chunks;
    return;
  }
  yield { delta: { role: "assistant", content: "" } };
  const content = contentOf(answer);
  if (typeof content === "string") {
    for (const text of chunks(content)) yield { delta: { content: text } };
  } else {
    for (const block of content ?? []) yield { delta: { content: [block] } };
  }
  for (const [index, call] of (answer.tool_calls ?? []).entries()) {
    const { id, type, function: fn } = toolCall(call);
    yield { delta: { tool_calls: [{ index, id, type, function: { name: fn.name, arguments: "" } }] } };
    for (const part of chunks(fn.arguments))
      yield { delta: { tool_calls: [{ index, function: { arguments: part } }] } };
  }
}

function contentOf(answer: Scripted) {
  if (answer.blocks) return answer.blocks;
  if (answer.json !== undefined) return JSON.stringify(answer.json);
  return answer.text ?? (answer.tool_calls ? null : "");
}

function toolCall({ name, arguments: args }: { name: string; arguments: unknown }) {
  const text = typeof args === "string" ? args : JSON.stringify(args);
  return { id: `call_${randomUUID().slice(0, 8)}`, type: "function", function: { name, arguments: text } };
}

function finishReason(answer: Scripted): string {
  return answer.finish_reason ?? (answer.tool_calls ? "tool_calls" : "stop");
}

function head(object: string, model: string) {
  return { id: `chatcmpl-${randomUUID()}`, object, created: Math.floor(Date.now() / 1_000), model };
}

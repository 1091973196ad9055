/** Puts a chat completion together, from a whole body or from chunks, with text or block content. */
import type { TokenUsage } from "../backend.ts";
import type { ChatResult, ToolCall } from "../chat-model.ts";
import { fault } from "../fault.ts";
import { asList, asNumber, asObject, asText, type JsonObject } from "../json-fields.ts";
import { streamFault } from "../responses/stream-fault.ts";
import { readTokenUsage } from "../responses/token-usage.ts";
import { contentText } from "./content-text.ts";

const FINISH: Record<string, ChatResult["finish_reason"]> = {
  stop: "stop",
  end_turn: "stop",
  length: "length",
  max_tokens: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
};

export interface ChatAssembly {
  /** A chunk or a whole body. Throws `BackendError` for error frames. */
  add(frame: JsonObject): void;
  /** Whether a finish reason has come. */
  finished(): boolean;
  result(): ChatResult;
}

export function createChatAssembly(
  backend: string,
  name: string,
  onText: (delta: string) => void,
): ChatAssembly {
  let text = "";
  let finish: string | null = null;
  let usage: TokenUsage | null = null;
  let model = name;
  const calls = new Map<number, ToolCall>();

  return {
    add(frame) {
      const error = streamFault(frame, backend);
      if (error !== null) throw error;
      const choice = asObject(asList(frame["choices"])[0]);
      const part = asObject(choice?.["delta"]) ?? asObject(choice?.["message"]);
      if (part !== null) {
        const delta = contentText(part["content"]) || (asText(part["refusal"]) ?? "");
        if (delta !== "") {
          text += delta;
          onText(delta);
        }
        if (part["tool_calls"] !== undefined) addToolCalls(calls, part["tool_calls"]);
      }
      finish = asText(choice?.["finish_reason"]) ?? finish;
      if (frame["usage"] !== undefined) usage = readTokenUsage(frame["usage"]) ?? usage;
      if (model === name) model = asText(frame["model"]) ?? name;
    },
    finished: () => finish !== null,
    result() {
      if (finish === null && text === "" && calls.size === 0) throw fault("malformed", { backend });
      const tool_calls = [...calls.entries()].sort(([a], [b]) => a - b).map(([, call]) => call);
      return { text, tool_calls, finish_reason: FINISH[finish ?? "stop"] ?? "other", usage, model };
    },
  };
}

/** Only the first chunk of a call carries its id and name. */
function addToolCalls(calls: Map<number, ToolCall>, list: unknown): void {
  for (const [at, value] of asList(list).entries()) {
    const call = asObject(value);
    const fn = asObject(call?.["function"]);
    const index = asNumber(call?.["index"]) ?? at;
    const known = calls.get(index) ?? { id: "", name: "", arguments: "" };
    calls.set(index, {
      id: known.id || (asText(call?.["id"]) ?? ""),
      name: known.name || (asText(fn?.["name"]) ?? ""),
      arguments: known.arguments + (asText(fn?.["arguments"]) ?? ""),
    });
  }
}

/** A chat model that says what a test tells it to, and keeps what it was asked. */
import type { ChatModel, ChatRequest, ChatResult } from "../../backends/chat-model.ts";

export interface ScriptedModel extends ChatModel {
  readonly requests: ChatRequest[];
}

/** Each reply is text to say, or an error to throw; after the last one every call throws a RangeError. */
export function scriptedModel(name: string, replies: readonly (string | Error)[]): ScriptedModel {
  const left = [...replies];
  const requests: ChatRequest[] = [];
  const complete = async (request: ChatRequest): Promise<ChatResult> => {
    requests.push(structuredClone(request));
    const next = left.shift();
    if (next === undefined) throw new RangeError(`${name} was asked more often than the test said.`);
    if (next instanceof Error) throw next;
    return {
      text: next,
      tool_calls: [],
      finish_reason: "stop",
      usage: { input_tokens: 100, cached_tokens: 10, output_tokens: 20, reasoning_tokens: 0 },
      model: name,
    };
  };
  return { name, requests, complete, stream: (request) => complete(request), close: async () => undefined };
}

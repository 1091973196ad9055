import { describe, expect, it } from "vitest";
import type { ChatModel, ChatRequest, ChatResult } from "../../backends/chat-model.ts";
import { BackendError } from "../../backends/errors.ts";
import { buildSingleAgent } from "../../graphs/single-agent.ts";
import { runDouble } from "../nodes/run-double.ts";
import { scriptedBackend } from "./scripted.ts";

function scriptedModel(...results: Partial<ChatResult>[]): ChatModel & { requests: ChatRequest[] } {
  const requests: ChatRequest[] = [];
  return {
    name: "llm",
    requests,
    complete: async (request) => {
      requests.push(structuredClone(request));
      const empty = { text: "", tool_calls: [], finish_reason: "stop" as const, usage: null, model: "llm" };
      return { ...empty, ...results[requests.length - 1] };
    },
    stream: () => Promise.reject(new Error("unused")),
    close: async () => {},
  };
}

describe("the single agent", () => {
  it("calls the backends that the model asks for, in parallel, and answers from their replies", async () => {
    const call = (id: string, name: string) => ({ id, name, arguments: '{"question":"MRR?"}' });
    const model = scriptedModel(
      { tool_calls: [call("c1", "genie"), call("c2", "policy")] },
      { text: "MRR is 5." },
    );
    const genie = scriptedBackend("genie", () => ({ text: "5" }));
    const policy = scriptedBackend("policy", () => {
      throw new BackendError("timeout", "policy took too long.", { backend: "policy" });
    });
    const graph = buildSingleAgent({
      model,
      backends: [genie, policy],
      clock: Date.now,
      runOf: () => runDouble(),
    });
    const state = await graph.invoke({ question: "What is MRR?" });
    expect(state.answer).toBe("MRR is 5.");
    expect(model.requests[1]?.messages.slice(-2)).toEqual([
      { role: "tool", tool_call_id: "c1", content: "5" },
      { role: "tool", tool_call_id: "c2", content: "Error: policy took too long." },
    ]);
  });

  it("tells the model which argument is missing instead of failing", async () => {
    const model = scriptedModel(
      { tool_calls: [{ id: "c1", name: "genie", arguments: "{}" }] },
      { text: "Sorry." },
    );
    const genie = scriptedBackend("genie", () => ({ text: "5" }));
    const graph = buildSingleAgent({ model, backends: [genie], clock: Date.now, runOf: () => runDouble() });
    await graph.invoke({ question: "?" });
    expect(model.requests[1]?.messages.at(-1)?.content).toBe("Error: the arguments need `question`.");
    expect(genie.asked).toEqual([]);
  });
});

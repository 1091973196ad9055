/** The baseline's two nodes: a model that picks backends as tools, and the calls that it asked for. */
import type { Backend, Json } from "../backends/backend.ts";
import type { ChatModel, ToolCall } from "../backends/chat-model.ts";
import { BackendError } from "../backends/errors.ts";
import { z } from "zod";
import type { RunContext } from "./run-context.ts";
import { NodeUsage } from "./state.ts";

export const AGENT_PROMPT = `You are a helpful assistant. You have tools that ask other systems. Call the ones you need, as often as you need, then answer the user's question from what they returned.`;

/** One message of the loop, in plain JSON. */
const AgentMessage = z.object({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  tool_calls: z.array(z.object({ id: z.string(), name: z.string(), arguments: z.string() })).optional(),
  tool_call_id: z.string().optional(),
});
type AgentMessage = z.infer<typeof AgentMessage>;

/** Plain JSON, as in the orchestrator: no message objects. */
export const AgentState = z.object({
  question: z.string().describe("The user's question. Input."),
  messages: z
    .array(AgentMessage)
    .default([])
    .describe("The conversation with the model, tool calls included."),
  answer: z.string().default("").describe("The last answer. Written by agent."),
  usage: z.array(NodeUsage).default([]).describe("Tokens and time per call of the model. Written by agent."),
});
export type AgentState = z.infer<typeof AgentState>;

export function agent(model: ChatModel, backends: Backend[], clock: () => number) {
  const tools = backends.map((backend) => ({
    name: backend.name,
    description: backend.config.description,
    parameters: {
      type: "object",
      properties: { question: { type: "string" } },
      required: ["question"],
    } as Json,
  }));
  return async (state: AgentState, run: RunContext): Promise<Partial<AgentState>> => {
    const messages = state.messages.length > 0 ? state.messages : opening(state.question);
    const began = clock();
    const result = await model.complete(
      { messages, tools, tool_choice: "auto" },
      { signal: run.signal, deadline: run.deadline },
    );
    const said: AgentMessage = { role: "assistant", content: result.text, tool_calls: result.tool_calls };
    const usage = {
      node: "agent",
      model: result.model,
      calls: 1,
      usage: result.usage,
      latency_ms: clock() - began,
      usd: null,
    };
    return {
      messages: [...messages, said],
      answer: result.tool_calls.length === 0 ? result.text : "",
      usage: [...state.usage, usage],
    };
  };
}

function opening(question: string): AgentMessage[] {
  return [
    { role: "system", content: AGENT_PROMPT },
    { role: "user", content: question },
  ];
}

export function callTools(backends: Backend[]) {
  const byName = new Map(backends.map((backend) => [backend.name, backend]));
  return async (state: AgentState, run: RunContext): Promise<Partial<AgentState>> => {
    const calls = state.messages.at(-1)?.tool_calls ?? [];
    const results = await Promise.all(calls.map((call) => toolResult(byName.get(call.name), call, run)));
    return { messages: [...state.messages, ...results] };
  };
}

/** Whether the model wants tools, as labelled in the graph. */
export function afterAgent(state: AgentState): "call tools" | "answer" {
  return state.answer === "" ? "call tools" : "answer";
}

async function toolResult(
  backend: Backend | undefined,
  call: ToolCall,
  run: RunContext,
): Promise<AgentMessage> {
  const reply = (content: string): AgentMessage => ({ role: "tool", tool_call_id: call.id, content });
  if (backend === undefined) return reply(`There is no tool named ${call.name}.`);
  try {
    const { question } = z.object({ question: z.string() }).parse(JSON.parse(call.arguments));
    const answer = await backend.ask({ question, context: [] }, callContext(run));
    return reply(answer.text);
  } catch (error) {
    if (error instanceof BackendError) return reply(`Error: ${error.message}`);
    if (error instanceof SyntaxError || error instanceof z.ZodError)
      return reply("Error: the arguments need `question`.");
    throw error;
  }
}

function callContext(run: RunContext) {
  const { signal, deadline, caller } = run;
  return { signal, deadline, caller, onProgress: () => {}, onText: () => {}, onPending: async () => {} };
}

/** The baseline that the orchestrator must beat: one model that calls the same backends as tools until it is done. */
import {
  END,
  START,
  StateGraph,
  type BaseCheckpointSaver,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import type { Backend } from "../backends/backend.ts";
import type { ChatModel } from "../backends/chat-model.ts";
import { afterAgent, agent, AgentState, callTools } from "../nodes/agent.ts";
import type { RunContext } from "../nodes/run-context.ts";
import { traced } from "../tracing/traced.ts";

export interface SingleAgentDeps {
  model: ChatModel;
  backends: Backend[];
  clock: () => number;
  checkpointer?: BaseCheckpointSaver;
  runOf(config: LangGraphRunnableConfig): RunContext;
}

export function buildSingleAgent(deps: SingleAgentDeps) {
  const think = traced("agent", "AGENT", agent(deps.model, deps.backends, deps.clock));
  const call = traced("tools", "TOOL", callTools(deps.backends));
  return new StateGraph(AgentState)
    .addNode("agent", (state: AgentState, config: LangGraphRunnableConfig) =>
      think(state, deps.runOf(config)),
    )
    .addNode("tools", (state: AgentState, config: LangGraphRunnableConfig) => call(state, deps.runOf(config)))
    .addEdge(START, "agent")
    .addConditionalEdges("agent", afterAgent, { "call tools": "tools", answer: END })
    .addEdge("tools", "agent")
    .compile({ checkpointer: deps.checkpointer, name: "single-agent" });
}

/** The graph: nodes and edges, nothing else. Read it as the table of contents. */
import {
  END,
  START,
  StateGraph,
  type BaseCheckpointSaver,
  type LangGraphRunnableConfig,
} from "@langchain/langgraph";
import type { Backend } from "../backends/backend.ts";
import type { BackendKind } from "../config/schema.ts";
import { appAgent } from "../nodes/app-agent.ts";
import { approve } from "../nodes/approve.ts";
import type { AskDeps } from "../nodes/ask-backend.ts";
import {
  GraphContext,
  GraphInput,
  GraphState,
  type State,
  type StepInput,
  type Update,
} from "../nodes/channels.ts";
import { CheckedState } from "../nodes/checked-state.ts";
import { afterClassify, classify, type ClassifyDeps } from "../nodes/classify.ts";
import { clarify } from "../nodes/clarify.ts";
import { afterDispatch, dispatch, type DispatchDeps } from "../nodes/dispatch.ts";
import { genie } from "../nodes/genie.ts";
import { knowledgeAssistant } from "../nodes/knowledge-assistant.ts";
import type { RunContext } from "../nodes/run-context.ts";
import { servingModel } from "../nodes/serving-model.ts";
import { synthesize, type SynthesizeDeps } from "../nodes/synthesize.ts";
import { verify, type VerifyDeps } from "../nodes/verify.ts";
import type { Content } from "../tracing/content.ts";
import { traced, type SpanType, type SpanWords } from "../tracing/traced.ts";
import { directNodes } from "./direct-nodes.ts";
import { described } from "./node-descriptions.ts";
import { classifyWords, listOf, stepWords, synthesizeWords, verifyWords } from "./node-spans.ts";
import { recordPlan } from "./plan-span.ts";

export interface GraphDeps {
  backends: Backend[];
  classify: ClassifyDeps;
  dispatch: DispatchDeps;
  ask: AskDeps;
  synthesize: SynthesizeDeps;
  verify: VerifyDeps;
  clock: () => number;
  /** How much of the content spans carry. */
  content: Content;
  /** Absent in Studio, whose server brings its own. */
  checkpointer?: BaseCheckpointSaver;
  /** What belongs to one run, from the call's configuration. */
  runOf(config: LangGraphRunnableConfig): RunContext;
}

export type OrchestratorGraph = ReturnType<typeof buildOrchestrator>;

export function buildOrchestrator(deps: GraphDeps) {
  const node = nodeWith(deps);
  // Studio reads the context's schema off a plain zod object only.
  const state = deps.checkpointer === undefined ? GraphState : CheckedState;
  const graph = new StateGraph({ state, input: GraphInput, context: GraphContext })
    .addNode(
      "classify",
      node("classify", "CHAIN", classify(deps.classify), classifyWords(deps.content)),
      described("classify"),
    )
    .addNode("clarify", node("clarify", "CHAIN", clarify), described("clarify"))
    .addNode("dispatch", node("dispatch", "CHAIN", dispatch(deps.dispatch)), described("dispatch"))
    .addNode(
      "synthesize",
      node("synthesize", "CHAIN", synthesize(deps.synthesize), synthesizeWords(deps.content)),
      described("synthesize"),
    )
    .addEdge(START, "classify")
    .addConditionalEdges("classify", afterClassify, {
      plan: "dispatch",
      ambiguous: "clarify",
      "no backend needed": "synthesize",
    })
    .addNode("approve", node("approve", "CHAIN", approve(deps.dispatch)), described("approve"))
    .addEdge("clarify", "classify")
    .addEdge("approve", "dispatch")
    .addNode("verify", node("verify", "EVALUATOR", verify(deps.verify), verifyWords), described("verify"))
    .addEdge("synthesize", "verify")
    .addEdge("verify", END);
  const names = addBackends(graph, deps, node);
  const labels = Object.fromEntries(names.map((name) => [`ask ${name}`, name]));
  graph.addConditionalEdges("dispatch", afterDispatch(deps.dispatch), {
    ...labels,
    "needs approval": "approve",
    "nothing left": "synthesize",
    "nothing found": END,
  } as Record<string, "synthesize" | "approve" | typeof END>);
  const compiled = graph.compile({ checkpointer: deps.checkpointer, name: "orchestrator" });
  if (deps.checkpointer !== undefined) directNodes(compiled, ["clarify", "approve"]);
  return compiled;
}

const KIND_NODES: Record<BackendKind, (backend: Backend, deps: AskDeps) => BackendNode> = {
  app: appAgent,
  genie,
  knowledge_assistant: knowledgeAssistant,
  serving_endpoint: servingModel,
  mcp: servingModel,
  sql: servingModel,
  supervisor: servingModel,
};

type BackendNode = (input: StepInput, run: RunContext) => Promise<Update>;

/** LangGraph types node names at compile time; ours come from the configuration, so this port is typed by hand. */
interface DynamicGraph {
  addNode(
    name: string,
    run: (input: StepInput, config: LangGraphRunnableConfig) => Promise<Update>,
    options: object,
  ): unknown;
  addEdge(from: string, to: string): unknown;
}

function addBackends(graph: object, deps: GraphDeps, node: NodeFactory): string[] {
  const dynamic = graph as DynamicGraph;
  for (const backend of deps.backends) {
    const { name, config } = backend;
    const run = node<StepInput>(
      name,
      "CHAIN",
      KIND_NODES[config.kind](backend, deps.ask),
      stepWords(backend, deps.content),
    );
    dynamic.addNode(name, run, { metadata: { kind: config.kind, description: config.description } });
    dynamic.addEdge(name, "dispatch");
  }
  return deps.backends.map((backend) => backend.name);
}

type NodeFactory = ReturnType<typeof nodeWith>;

/** Every node runs inside a span, is told which run it serves, and reports its start and end. */
function nodeWith(deps: GraphDeps) {
  return function node<Input = State>(
    name: string,
    type: SpanType,
    run: (input: Input, context: RunContext) => Promise<Update>,
    words: SpanWords<[Input, RunContext], Promise<Update>> = {},
  ) {
    const spanned = traced(name, type, run, words);
    return async (input: Input, config: LangGraphRunnableConfig): Promise<Update> => {
      const context = deps.runOf(config);
      const step = stepOf(input);
      const began = deps.clock();
      context.emit({ type: "node_started", node: name, step });
      const update = await spanned(input, context);
      if (update.plan !== undefined && update.plan !== null) recordPlan(update.plan, deps.content);
      const duration_ms = deps.clock() - began;
      context.emit({ type: "node_finished", node: name, step, duration_ms, usage: listOf(update.usage) });
      return update;
    };
  };
}

function stepOf(input: unknown): string | null {
  return typeof input === "object" && input !== null && "step" in input && typeof input.step === "string"
    ? input.step
    : null;
}

/** The real graph over scripted backends, with an in-memory checkpointer. */
import { MemorySaver, type BaseCheckpointSaver } from "@langchain/langgraph";
import type { ChatModel } from "../../backends/chat-model.ts";
import { buildOrchestrator } from "../../graphs/orchestrator.ts";
import type { TurnContext, TurnInput } from "../../graphs/run.ts";
import { turnRunner, type TurnDeps } from "../../graphs/turn.ts";
import type { EvidenceStore, RunContext, RunEvent } from "../../nodes/run-context.ts";
import type { Router } from "../../routing/router.ts";
import { createContent } from "../../tracing/content.ts";
import { memoryEvidence, memoryPending } from "../nodes/run-double.ts";
import type { ScriptedBackend } from "./scripted.ts";

export interface GraphParts {
  backends: ScriptedBackend[];
  router: Router;
  model?: ChatModel;
  gate?: boolean;
  /** In memory unless given. */
  checkpointer?: BaseCheckpointSaver;
  evidence?: EvidenceStore;
  /** Callbacks that watch the graph from inside. */
  observed?: TurnDeps["observed"];
}

export function graphDouble(parts: GraphParts) {
  const graph = buildOrchestrator({
    backends: parts.backends,
    classify: {
      router: parts.router,
      backends: parts.backends.map((b) => b.name),
      check: () => [],
      price: () => null,
    },
    dispatch: {
      max_replans: 1,
      clock: Date.now,
      acceptsContext: (name) => parts.backends.some((b) => b.name === name && b.config.accepts_context),
      rules: { backends: parts.backends.map((b) => b.config), over_usd: null, below_confidence: 0 },
    },
    ask: { clock: Date.now, reserve_ms: 100 },
    synthesize: {
      writer:
        parts.model === undefined
          ? null
          : { model: parts.model, gate: parts.gate === true, clock: Date.now, price: () => null },
      backends: parts.backends.map((b) => b.config),
      history_turns: 4,
    },
    verify: { mode: parts.gate === true ? "gate" : "note" },
    clock: Date.now,
    content: createContent({ capture: "off", capture_unstored: "off", redact: [] }),
    checkpointer: parts.checkpointer ?? new MemorySaver(),
    runOf: (config) => config.configurable?.run as RunContext,
  });
  const evidence = parts.evidence ?? memoryEvidence();
  const runTurn = turnRunner({
    graph,
    evidence: () => evidence,
    pending: () => memoryPending(),
    maxParallel: 8,
    clock: Date.now,
    ...(parts.observed === undefined ? {} : { observed: parts.observed }),
  });
  const events: RunEvent[] = [];
  const ask = (input: Partial<TurnInput> & { question: string }, context: Partial<TurnContext> = {}) => {
    events.length = 0;
    return runTurn(
      { thread_id: "t1", options: {}, ...input },
      {
        run_id: "r1",
        caller: { subject: "user:ada@example.com" },
        signal: new AbortController().signal,
        deadline: Date.now() + 30_000,
        emit: (event) => void events.push(event),
        ...context,
      },
    );
  };
  return { graph, ask, events };
}

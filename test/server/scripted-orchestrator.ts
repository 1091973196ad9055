/** A stand-in for the compiled graph: tells what a test scripted, so that the server can be tested alone. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Backend } from "../../backends/backend.ts";
import type { BackendConfig } from "../../config/schema.ts";
import type { TurnContext, TurnInput, TurnResult } from "../../graphs/run.ts";
import type { RunEvent } from "../../nodes/run-context.ts";
import type { Answer, Finding } from "../../nodes/state.ts";
import type { Plan } from "../../routing/plan.ts";
import type { Orchestrator } from "../../server/deps.ts";

export type Script = (input: TurnInput, context: TurnContext) => Promise<TurnResult>;

export interface ScriptedOrchestrator extends Orchestrator {
  /** Every turn that was run, in order. */
  readonly turns: { input: TurnInput; context: TurnContext }[];
}

export function scriptedOrchestrator(
  script: Script,
  configs: readonly BackendConfig[],
): ScriptedOrchestrator {
  const turns: ScriptedOrchestrator["turns"] = [];
  return {
    turns,
    backends: new Map(configs.map((config) => [config.name, scriptedBackend(config)])),
    runTurn: (input, context) => {
      turns.push({ input, context });
      return script(input, context);
    },
    planOnly: async (input) =>
      planOf([{ id: "s1", backend: configs[0]?.name ?? "", question: input.question }]),
    drawMermaid: async () => "graph TD;\n  a --> b;\n",
    drawJson: async () => ({ nodes: [{ id: "a" }, { id: "b" }], edges: [{ source: "a", target: "b" }] }),
  };
}

function scriptedBackend(config: BackendConfig): Backend {
  return {
    name: config.name,
    config,
    ask: () => Promise.reject(new Error("the server asks no backend itself")),
    check: async () => ({ ready: true, state: "ok", message: "", breaker: "closed" }),
    close: async () => {},
  };
}

/** Emits the events one after the other, then ends as told. */
export function playing(events: readonly RunEvent[], result: Partial<TurnResult> = {}, delayMs = 0): Script {
  return async (_input, context) => {
    for (const event of events) {
      if (delayMs > 0) await sleep(delayMs, undefined, { signal: context.signal });
      context.emit(event);
    }
    const last = events.at(-1);
    return turnResult({ answer: last?.type === "answer" ? last.answer : null, ...result });
  };
}

export function turnResult(change: Partial<TurnResult> = {}): TurnResult {
  return {
    status: "completed",
    answer: null,
    plan: null,
    findings: [],
    usage: [],
    failure: null,
    approvals: [],
    checkpoint_id: "checkpoint-1",
    ...change,
  };
}

export function answerOf(text: string, change: Partial<Answer> = {}): Answer {
  return {
    text,
    citations: [],
    missing: [],
    composer: "extractive",
    fallback: null,
    finish_reason: "stop",
    tool_calls: [],
    suggested_questions: [],
    ...change,
  };
}

export function findingOf(change: Partial<Finding> = {}): Finding {
  return {
    step: "s1",
    backend: "sales_genie",
    kind: "genie",
    status: "ok",
    question: "How many customers churned?",
    text: "42 customers churned.",
    evidence: [],
    extracts: {},
    error: null,
    clarification: null,
    suggested_questions: [],
    conversation_id: null,
    trace_id: null,
    model: null,
    usage: null,
    identity: "app",
    attempts: 1,
    cached: false,
    started_at: 1_700_000_000_000,
    duration_ms: 1_234,
    queued_ms: 0,
    payload: null,
    ...change,
  };
}

export function planOf(steps: Pick<Plan["steps"][number], "id" | "backend" | "question">[]): Plan {
  return {
    kind: steps.length === 0 ? "direct" : "plan",
    steps: steps.map((step) => ({
      depends_on: [],
      context_from: [],
      extract: [],
      optional: false,
      why: "It knows the numbers.",
      confidence: 0.9,
      rejected: [],
      ...step,
    })),
    clarify: null,
    refuse: null,
    confidence: 0.9,
    decision: {
      tier: "local",
      probabilities: { sales_genie: 0.9, other: 0.1 },
      threshold: 0.55,
      runner_up: null,
      reason: "",
      fallback: null,
      model: null,
      latency_ms: 1,
    },
  };
}

/** What a run over two backends tells: one answers, one fails, the answer cites. */
export function twoBackendRun(): RunEvent[] {
  const text = "42 customers churned [1].\n\nThe handbook could not be asked.";
  const s1 = { step: "s1", backend: "sales_genie", kind: "genie", question: "How many customers churned?" };
  const s2 = {
    step: "s2",
    backend: "handbook",
    kind: "knowledge_assistant",
    question: "What does the playbook say?",
  };
  const plan = planOf([
    { id: "s1", backend: s1.backend, question: s1.question },
    { id: "s2", backend: s2.backend, question: s2.question },
  ]);
  return [
    { type: "node_started", node: "classify", step: null },
    { type: "plan", plan },
    { type: "node_finished", node: "classify", step: null, duration_ms: 3 },
    { type: "step_started", ...s1 },
    { type: "step_started", ...s2 },
    {
      type: "step_progress",
      step: "s1",
      backend: "sales_genie",
      status: "EXECUTING_QUERY",
      message: "Running the query.",
    },
    {
      type: "step_finished",
      finding: findingOf({
        ...s2,
        status: "failed",
        text: "",
        error: { code: "unavailable", message: "handbook answers with 503.", status: 503 },
      }),
    },
    { type: "step_finished", finding: findingOf(s1) },
    { type: "node_started", node: "synthesize", step: null },
    ...text.match(/.{1,7}/gs)!.map((delta): RunEvent => ({ type: "text", delta })),
    {
      type: "answer",
      answer: answerOf(text, {
        citations: [
          {
            n: 1,
            evidence: "s1.e1",
            step: "s1",
            backend: "sales_genie",
            title: "Churn by month",
            url: "https://workspace.example.com/genie/rooms/1",
            spans: [{ start: 21, end: 24 }],
          },
        ],
        missing: [
          { step: "s2", backend: "handbook", code: "unavailable", reason: "handbook answers with 503." },
        ],
      }),
    },
  ];
}

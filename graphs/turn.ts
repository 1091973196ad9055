/** Runs one turn of a thread: starts it, or resumes it where the graph had stopped to ask. */
import { Command, INTERRUPT, isInterrupted, type Interrupt } from "@langchain/langgraph";
import { clarifyText, type ClarifyInterrupt } from "../nodes/clarify.ts";
import type { GraphInput, State } from "../nodes/channels.ts";
import type { EvidenceStore, PendingStore, RunContext } from "../nodes/run-context.ts";
import type { Answer, Finding } from "../nodes/state.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import type { TurnContext, TurnInput, TurnResult } from "./run.ts";

export interface TurnDeps {
  graph: OrchestratorGraph;
  evidence(owner: string, thread: string): EvidenceStore;
  pending(run: string): PendingStore;
  maxParallel: number;
  clock: () => number;
}

/** Throws only for bugs, and the reason of an aborted `context.signal`. */
export function turnRunner(deps: TurnDeps) {
  return async (input: TurnInput, context: TurnContext): Promise<TurnResult> => {
    const { thread_id, checkpoint_id } = input;
    const where = { thread_id, ...(checkpoint_id === undefined ? {} : { checkpoint_id }) };
    const signal = AbortSignal.any([
      context.signal,
      AbortSignal.timeout(Math.max(1, context.deadline - deps.clock())),
    ]);
    const run: RunContext = {
      ...context,
      thread_id,
      signal,
      evidence: deps.evidence(context.caller.subject, thread_id),
      pending: deps.pending(context.run_id),
    };
    const start = await startOf(deps.graph, input, where);
    const state: unknown = await deps.graph.invoke(start, {
      configurable: { ...where, run },
      signal,
      maxConcurrency: deps.maxParallel,
      recursionLimit: 100,
      runName: "orchestrator",
    });
    const after = await deps.graph.getState({ configurable: { thread_id } });
    const checkpoint: unknown = after.config.configurable?.checkpoint_id;
    return resultOf(state as State, run, typeof checkpoint === "string" ? checkpoint : null);
  };
}

type Start = Parameters<OrchestratorGraph["invoke"]>[0];

/** A thread that waits for a reply takes the question as that reply. */
async function startOf(graph: OrchestratorGraph, input: TurnInput, where: object): Promise<Start> {
  const snapshot = await graph.getState({ configurable: where });
  const waiting = snapshot.tasks.flatMap((task) => task.interrupts) as Interrupt<ClarifyInterrupt>[];
  const update: GraphInput = {
    question: input.question,
    options: input.options,
    ...(input.history === undefined ? {} : { history: input.history }),
  };
  const asked = waiting.find((interrupt) => interrupt.value?.type === "clarify");
  if (asked === undefined) return update;
  // LangGraph validates the update as an input, so the question that is being clarified goes along unchanged.
  const { question } = snapshot.values as State;
  return new Command({ resume: input.question, update: { question, options: input.options } });
}

function resultOf(state: State, run: RunContext, checkpoint_id: string | null): TurnResult {
  const common = {
    plan: state.plan,
    findings: state.findings,
    usage: state.usage,
    approvals: [],
    checkpoint_id,
  };
  if (isInterrupted<ClarifyInterrupt>(state)) {
    const asked = state[INTERRUPT][0]?.value;
    const answer = asked === undefined ? null : questionAsAnswer(asked);
    if (answer !== null) tell(run, answer);
    return { ...common, status: "interrupted", answer, failure: null };
  }
  const failure = failureOf(state.findings);
  if (state.answer !== null && failure === null) run.emit({ type: "answer", answer: state.answer });
  return { ...common, status: failure === null ? "completed" : "failed", answer: state.answer, failure };
}

function questionAsAnswer(asked: ClarifyInterrupt): Answer {
  return {
    text: clarifyText(asked),
    citations: [],
    missing: [],
    composer: "none",
    fallback: null,
    finish_reason: "stop",
    tool_calls: [],
    suggested_questions: asked.options,
  };
}

function tell(run: RunContext, answer: Answer): void {
  run.emit({ type: "text", delta: answer.text });
  run.emit({ type: "answer", answer });
}

/** Set when steps were asked and not one gave anything: the first cause decides, every backend gets its sentence. */
function failureOf(findings: Finding[]): TurnResult["failure"] {
  const silent = findings.filter((finding) => finding.status === "failed" || finding.status === "skipped");
  if (findings.length === 0 || silent.length < findings.length) return null;
  const cause = silent.find((finding) => finding.status === "failed") ?? silent[0];
  const message = silent
    .map((finding) => `${finding.backend}: ${finding.error?.message ?? "no answer."}`)
    .join(" ");
  return { code: cause?.error?.code ?? "failed", message };
}

/** Runs one turn of a thread: starts it, or resumes it where the graph had stopped to ask. */
import type { RunnableConfig } from "@langchain/core/runnables";
import { Command, INTERRUPT, isInterrupted, type Interrupt, type StateSnapshot } from "@langchain/langgraph";
import { spentIn } from "../nodes/budget.ts";
import type { ApprovalAsked, ApprovalInterrupt } from "../nodes/approve.ts";
import { clarifyText, understood, type ClarifyInterrupt } from "../nodes/clarify.ts";
import type { GraphInput, State } from "../nodes/channels.ts";
import type { EvidenceStore, PendingStore, RunContext } from "../nodes/run-context.ts";
import type { Answer, Finding, NodeUsage } from "../nodes/state.ts";
import { untilDrained } from "./drained-graph.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import type { ApprovalRequest, TurnContext, TurnInput, TurnResult } from "./run.ts";
import { CHECKPOINT_GONE, NOTHING_WAITS, refusedTurn, type Refusal } from "./refused-turn.ts";
import { runGraph, type GraphCall, type GraphStart } from "./run-graph.ts";

export interface TurnDeps {
  graph: OrchestratorGraph;
  evidence(owner: string, thread: string): EvidenceStore;
  pending(run: string): PendingStore;
  maxParallel: number;
  clock: () => number;
  /** What else watches the graph from inside: LangSmith's callbacks and its id of the run. */
  observed?: (run_id: string, unstored: boolean) => Pick<RunnableConfig, "callbacks" | "runId">;
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
    const start = await startOf(deps.graph, input, { where, run_id: context.run_id });
    if ("code" in start) return refusedTurn(start);
    // The state's usage holds what the day has counted already, so that it must not be taken off twice.
    if (run.left_usd !== undefined) run.left_usd += spentIn(start.reported).usd;
    const { interrupt_before, interrupt_after } = input.steering ?? {};
    const call: GraphCall = {
      configurable: { ...start.where, run },
      // Before a step begins, what it builds on is committed: a killed process asks nobody twice for it.
      durability: "sync",
      signal,
      maxConcurrency: deps.maxParallel,
      recursionLimit: 100,
      runName: "orchestrator",
      ...(interrupt_before === undefined ? {} : { interruptBefore: interrupt_before }),
      ...(interrupt_after === undefined ? {} : { interruptAfter: interrupt_after }),
      ...deps.observed?.(context.run_id, context.unstored === true),
    };
    await untilDrained(context.drain, (control) =>
      runGraph(deps.graph, start.input, { ...call, control }, context.graph),
    );
    const after = await deps.graph.getState({ configurable: { thread_id } });
    context.graph?.ended(after);
    const checkpoint: unknown = after.config.configurable?.checkpoint_id;
    return resultOf(stateOf(after), run, {
      checkpoint: typeof checkpoint === "string" ? checkpoint : null,
      ended: after.next.length === 0,
      reported: start.reported.length,
    });
  };
}

/** As `invoke` gives it: the values, and what the run waits for. */
function stateOf({ values, tasks }: StateSnapshot): State {
  const waiting = tasks.flatMap((task) => task.interrupts);
  return { ...(values as State), ...(waiting.length === 0 ? {} : { [INTERRUPT]: waiting }) };
}

type Asked = ClarifyInterrupt | ApprovalInterrupt;

interface Where {
  thread_id: string;
  checkpoint_id?: string;
}

interface Start {
  /** `null` goes on from the last checkpoint. */
  input: GraphStart;
  where: Where;
  /** Entries of `usage` that the response before this one has told of already. */
  reported: NodeUsage[];
}

/**
 * A thread that waits takes the question as the reply; approvals answer what was asked; a lost run just goes on.
 */
async function startOf(
  graph: OrchestratorGraph,
  input: TurnInput,
  { where, run_id }: { where: Where; run_id: string },
): Promise<Start | Refusal> {
  if (input.resume === true && (await wasBegun(graph, where.thread_id, run_id)))
    return { input: null, where: { thread_id: where.thread_id }, reported: [] };
  if (input.fresh === true && input.approvals === undefined)
    return { where, input: newTurn(input, run_id, true), reported: [] };
  const snapshot = await graph.getState({ configurable: where });
  if (where.checkpoint_id !== undefined && snapshot.createdAt === undefined) return CHECKPOINT_GONE;
  if (input.steering?.proceed === true) {
    const { usage = [] } = snapshot.values as Partial<State>;
    return { input: null, where, reported: usage };
  }
  const newest = await isNewest(graph, snapshot, where);
  const waiting = snapshot.tasks.flatMap((task) => task.interrupts) as Interrupt<Asked>[];
  const asked = waiting[0]?.value;
  const values = snapshot.values as State;
  // LangGraph validates the update as an input, so the question that is being clarified goes along unchanged.
  const update = { question: values.question, options: input.options, run_id };
  // An interrupt is answered once: LangGraph would play the first reply again for every later one.
  const resume = (reply: unknown): Start => ({
    where,
    input: new Command({ resume: reply, update }),
    reported: values.usage,
  });
  if (input.approvals !== undefined) {
    const known = asked?.type === "approval" ? asked.requests.map(({ id }) => id) : [];
    return newest && input.approvals.some(({ id }) => known.includes(id))
      ? resume(input.approvals)
      : NOTHING_WAITS;
  }
  if (asked?.type === "clarify" && newest) return resume(input.question);
  // A new question on a thread that waits for an approval counts as refusal: the old turn is left as it is.
  const again =
    asked?.type === "clarify" ? understood(values.question, input.question, asked.options) : input.question;
  return { where, input: newTurn({ ...input, question: again }, run_id, newest), reported: [] };
}

/** Whether nothing has gone on from here yet: otherwise the run is a fork. */
async function isNewest(graph: OrchestratorGraph, from: StateSnapshot, where: Where): Promise<boolean> {
  if (where.checkpoint_id === undefined) return true;
  const newest = await graph.getState({ configurable: { thread_id: where.thread_id } });
  return newest.config.configurable?.checkpoint_id === from.config.configurable?.checkpoint_id;
}

/** A process may have died before the input of its run was committed: then there is nothing to go on from. */
async function wasBegun(graph: OrchestratorGraph, thread_id: string, run_id: string): Promise<boolean> {
  const newest = await graph.getState({ configurable: { thread_id } });
  return (newest.values as Partial<State>).run_id === run_id;
}

/** A fork drops the backends' own conversations: they are no trees, and have gone on with the sibling. */
function newTurn({ question, options, history }: TurnInput, run_id: string, newest: boolean): GraphInput {
  return {
    question,
    options,
    run_id,
    clarified: false,
    ...(newest ? {} : { conversations: { restart: {} } }),
    ...(history === undefined ? {} : { history }),
  };
}

interface Standing {
  checkpoint: string | null;
  /** False: the run was told to stop before the end. */
  ended: boolean;
  reported: number;
}

function resultOf(
  state: State,
  run: RunContext,
  { checkpoint: checkpoint_id, ended, reported }: Standing,
): TurnResult {
  const { plan, findings, verification } = state;
  const usage = state.usage.slice(reported);
  const common = { plan, findings, usage, verification, checkpoint_id };
  if (isInterrupted<Asked>(state)) {
    const asked = state[INTERRUPT][0]?.value;
    const approvals = asked?.type === "approval" ? asked.requests.map(approvalRequest) : [];
    const answer = asked?.type === "clarify" ? questionAsAnswer(asked) : null;
    if (answer !== null) tell(run, answer);
    return { ...common, status: "interrupted", answer, approvals, failure: null };
  }
  const failure = state.answer === null && ended ? failureOf(findings) : null;
  if (state.answer !== null) run.emit({ type: "answer", answer: state.answer });
  const status = failure === null ? "completed" : "failed";
  return { ...common, status, answer: state.answer, approvals: [], failure };
}

function approvalRequest(asked: ApprovalAsked): ApprovalRequest {
  return { ...asked, payload: { ...asked.payload } };
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

/** Set when not one step gave anything: the first cause decides, every backend gets its sentence. */
function failureOf(findings: Finding[]): TurnResult["failure"] {
  const cause = findings.find((finding) => finding.status === "failed") ?? findings[0];
  if (cause === undefined) return null;
  const sentences = findings.map(({ backend, error }) => sentenceOf(backend, error?.message ?? "no answer."));
  return { code: cause.error?.code ?? "failed", message: sentences.join(" ") };
}

/** Most messages name their backend already. */
function sentenceOf(backend: string, message: string): string {
  return message.includes(backend) ? message : `${backend}: ${message}`;
}

/** What-if on a thread: another state, plan or route from any of its checkpoints, as a new checkpoint to run from. */
import { z } from "zod";
import type { State, Update } from "../nodes/channels.ts";
import { Message } from "../nodes/state.ts";
import { Plan } from "../routing/plan.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { reusable, routeTo } from "./reuse.ts";
import { snapshotAt } from "./thread-view.ts";

export const ForkEdit = z.strictObject({
  /** Another question: planned anew. */
  question: z.string().min(1).max(100_000).optional(),
  /** Another remembered conversation: planned anew. */
  history: z.array(Message).max(200).optional(),
  summary: z.string().max(20_000).optional(),
  /** Runs as it stands; findings that it leaves unchanged are kept. */
  plan: Plan.optional(),
  /** Backends to send the question to, instead of a plan. */
  backends: z.array(z.string()).min(1).max(8).optional(),
});
export type ForkEdit = z.infer<typeof ForkEdit>;

export interface ForkRequest {
  thread_id: string;
  /** The newest when absent. */
  checkpoint_id?: string;
  /** The run that will go on from the fork. */
  run_id: string;
  edit: ForkEdit;
}

export interface Forked {
  checkpoint_id: string;
  question: string;
  plan: Plan | null;
  next: string[];
}

/** Null when there is no such checkpoint. The thread then stands at the fork; its other checkpoints stay. */
export async function forkThread(graph: OrchestratorGraph, request: ForkRequest): Promise<Forked | null> {
  const { thread_id, edit } = request;
  const from = await snapshotAt(graph, thread_id, request.checkpoint_id);
  if (from === null) return null;
  const state = from.values as State;
  const { values, node } = edited(state, edit, request.run_id);
  const { checkpoint_id } = from.config.configurable ?? {};
  await graph.updateState(
    { configurable: { thread_id, checkpoint_id: checkpoint_id as string } },
    values,
    node,
  );
  const forked = await graph.getState({ configurable: { thread_id } });
  const now = forked.values as State;
  return {
    checkpoint_id: String(forked.config.configurable?.["checkpoint_id"]),
    question: now.question,
    plan: now.plan,
    next: forked.next,
  };
}

/** The plan that an edit asks for; undefined when it asks for planning anew. */
export function planOfEdit(edit: ForkEdit, question: string, earlier: Plan | null): Plan | undefined {
  if (edit.plan !== undefined) return edit.plan;
  return edit.backends === undefined ? undefined : routeTo(edit.backends, edit.question ?? question, earlier);
}

/** A given plan counts as decided by `classify`; anything else is read again, as after a clarification. */
function edited(
  state: State,
  edit: ForkEdit,
  run_id: string,
): { values: Update; node: "classify" | "clarify" } {
  const { history, summary } = edit;
  const question = edit.question ?? state.question;
  const common: Update = {
    question,
    run_id,
    ...(history === undefined ? {} : { history }),
    ...(summary === undefined ? {} : { summary }),
  };
  const plan = planOfEdit(edit, question, state.plan);
  if (plan === undefined) return { values: { ...common, clarified: false }, node: "clarify" };
  const kept = reusable(plan, state.findings ?? [], state.plan);
  return { values: { ...common, ...planned(plan, kept) }, node: "classify" };
}

/** What `classify` writes at the start of a turn, with the findings that need not be asked for again. */
export function planned(plan: Plan, kept: State["findings"]): Update {
  return {
    plan: { ...plan, decision: { ...plan.decision, tier: "given" } },
    findings: { restart: kept },
    usage: { restart: [] },
    approvals: {},
    answer: null,
    verification: null,
    replans: 0,
  };
}

/** "What if it had gone elsewhere": the turn of a stored response again under another plan, on a thread of its own. */
import type { State } from "../nodes/channels.ts";
import type { EvidenceStore } from "../nodes/run-context.ts";
import type { Finding, Message } from "../nodes/state.ts";
import type { Plan } from "../routing/plan.ts";
import { planned } from "./fork.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { reusable } from "./reuse.ts";
import { snapshotAt } from "./thread-view.ts";

export interface RerouteRequest {
  /** Where the response that is asked about ended. */
  from: { thread_id: string; checkpoint_id: string; evidence: EvidenceStore };
  to: { thread_id: string; run_id: string; evidence: EvidenceStore };
  plan: Plan;
}

/** Prepares the thread that `to` names: the next run goes on after `classify`. Returns the steps that are not asked again. */
export async function rerouteThread(
  graph: OrchestratorGraph,
  request: RerouteRequest,
): Promise<string[] | null> {
  const { from, to, plan } = request;
  const snapshot = await snapshotAt(graph, from.thread_id, from.checkpoint_id);
  if (snapshot === null) return null;
  const state = snapshot.values as State;
  const kept = reusable(plan, state.findings, state.plan);
  await copyEvidence(kept, from.evidence, to.evidence);
  await graph.updateState(
    { configurable: { thread_id: to.thread_id } },
    {
      question: state.question,
      options: { ...state.options, plan: undefined, backends: undefined },
      history: historyBefore(state),
      summary: state.summary,
      run_id: to.run_id,
      turn: state.turn,
      ...planned(plan, kept),
    },
    "classify",
  );
  return kept.map((finding) => finding.step);
}

/** The turn itself is not part of what it remembers. */
function historyBefore({ history, question, answer }: State): Message[] {
  const asked = history.at(-2);
  const itself = answer !== null && asked?.role === "user" && question.startsWith(asked.content);
  return itself ? history.slice(0, -2) : history;
}

/** Evidence is kept per thread; its hash stays the same. */
async function copyEvidence(findings: Finding[], from: EvidenceStore, to: EvidenceStore): Promise<void> {
  const hashes = findings.flatMap(({ evidence, payload }) => [
    ...evidence.map(({ hash }) => hash),
    ...(payload === null ? [] : [payload]),
  ]);
  for (const hash of new Set(hashes)) {
    const value = await from.get(hash);
    if (value !== null) await to.put(value);
  }
}

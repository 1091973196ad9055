/** Looking back and what-if over the compiled graph, for whoever serves it. Threads are internal ids, scoped by owner. */
import type { EvidenceStore } from "../nodes/run-context.ts";
import type { Plan } from "../routing/plan.ts";
import { forkThread, planOfEdit, type ForkEdit, type Forked, type ForkRequest } from "./fork.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { rerouteThread } from "./reroute.ts";
import { type HistoryEntry, threadHistory, type ThreadView, viewThread } from "./thread-view.ts";

export interface Threads {
  /** Null when there is no such thread or checkpoint. */
  view(threadId: string, checkpointId?: string): Promise<ThreadView | null>;
  history(
    threadId: string,
    page: { limit: number; before?: string },
  ): Promise<{ entries: HistoryEntry[]; has_more: boolean }>;
  /** Null when there is no such checkpoint. Call it under the thread's lock. */
  fork(request: ForkRequest): Promise<Forked | null>;
  /** Steps that are not asked again; null when the checkpoint is gone. */
  reroute(request: Reroute): Promise<string[] | null>;
  planOf(edit: ForkEdit, view: ThreadView): Plan | undefined;
  /** One sentence per reason why the plan cannot be run. */
  problems(plan: Plan): string[];
}

export interface Reroute {
  owner: string;
  from: { thread_id: string; checkpoint_id: string };
  to: { thread_id: string; run_id: string };
  plan: Plan;
}

export interface ThreadsDeps {
  graph: OrchestratorGraph;
  evidence(owner: string, threadId: string): EvidenceStore;
  problems(plan: Plan): string[];
}

export function threadsOf(deps: ThreadsDeps): Threads {
  const { graph } = deps;
  return {
    view: (threadId, checkpointId) => viewThread(graph, threadId, checkpointId),
    history: (threadId, page) => threadHistory(graph, threadId, page),
    fork: (request) => forkThread(graph, request),
    reroute: ({ owner, from, to, plan }) =>
      rerouteThread(graph, {
        from: { ...from, evidence: deps.evidence(owner, from.thread_id) },
        to: { ...to, evidence: deps.evidence(owner, to.thread_id) },
        plan,
      }),
    planOf: (edit, view) => planOfEdit(edit, view.question, view.plan),
    problems: (plan) => deps.problems(plan),
  };
}

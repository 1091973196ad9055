/** A thread as its checkpoints tell it: where it stands, and how it got there with nodes, times and money. */
import type { StateSnapshot } from "@langchain/langgraph";
import type { ApprovalInterrupt } from "../nodes/approve.ts";
import type { State } from "../nodes/channels.ts";
import type { ClarifyInterrupt } from "../nodes/clarify.ts";
import type { NodeUsage } from "../nodes/state.ts";
import type { OrchestratorGraph } from "./orchestrator.ts";
import { costOf, type TurnCost } from "./turn-cost.ts";

type Shown = Pick<
  State,
  "question" | "plan" | "findings" | "approvals" | "answer" | "verification" | "usage"
>;

export interface ThreadView extends Shown {
  checkpoint_id: string;
  /** The run that gave the input; its response is `resp_` and this. */
  run_id: string;
  /** ISO 8601. */
  created_at: string | null;
  /** Nodes that would run next; empty when the turn is over. */
  next: string[];
  /** What a person is asked, when the turn waits for one. */
  waiting: ClarifyInterrupt | ApprovalInterrupt | null;
  summary: string;
  cost: TurnCost;
}

export interface HistoryEntry {
  checkpoint_id: string;
  parent_checkpoint_id: string | null;
  run_id: string;
  /** `input`, `loop` (nodes ran), `update` (a person edited the state) or `fork`. */
  source: string;
  /** The nodes whose work this checkpoint added. */
  nodes: string[];
  next: string[];
  /** ISO 8601. */
  created_at: string | null;
  /** Milliseconds since the checkpoint before it. */
  duration_ms: number | null;
  /** Of the nodes named here. */
  cost: TurnCost;
}

/** Null when the thread has no such checkpoint. */
export async function viewThread(
  graph: OrchestratorGraph,
  thread_id: string,
  checkpoint_id?: string,
): Promise<ThreadView | null> {
  const snapshot = await snapshotAt(graph, thread_id, checkpoint_id);
  if (snapshot === null) return null;
  const state = snapshot.values as State;
  const asked: unknown = snapshot.tasks.flatMap((task) => task.interrupts)[0]?.value;
  const { question, plan, findings, approvals, answer, verification, usage, summary, run_id } = state;
  return {
    checkpoint_id: idOf(snapshot.config) ?? "",
    run_id,
    created_at: snapshot.createdAt ?? null,
    next: snapshot.next,
    waiting: (asked ?? null) as ThreadView["waiting"],
    summary,
    cost: costOf(usage),
    question,
    plan,
    findings,
    approvals,
    answer,
    verification,
    usage,
  };
}

/** Newest first, at most `limit`, of those before the checkpoint `before`. */
export async function threadHistory(
  graph: OrchestratorGraph,
  thread_id: string,
  page: { limit: number; before?: string },
): Promise<{ entries: HistoryEntry[]; has_more: boolean }> {
  const before =
    page.before === undefined ? undefined : { configurable: { thread_id, checkpoint_id: page.before } };
  const snapshots: StateSnapshot[] = [];
  for await (const snapshot of graph.getStateHistory(
    { configurable: { thread_id } },
    { limit: page.limit + 1, ...(before === undefined ? {} : { before }) },
  ))
    snapshots.push(snapshot);
  const known = new Map(snapshots.map((snapshot) => [idOf(snapshot.config), snapshot]));
  const entries: HistoryEntry[] = [];
  for (const snapshot of snapshots.slice(0, page.limit)) {
    const parent = idOf(snapshot.parentConfig);
    // After a fork the parent may be on another page.
    const from =
      parent === undefined ? null : (known.get(parent) ?? (await snapshotAt(graph, thread_id, parent)));
    entries.push(entryOf(snapshot, from));
  }
  return { entries, has_more: snapshots.length > page.limit };
}

/** Null when there is no such checkpoint. */
export async function snapshotAt(
  graph: OrchestratorGraph,
  thread_id: string,
  checkpoint_id?: string,
): Promise<StateSnapshot | null> {
  const where = { thread_id, ...(checkpoint_id === undefined ? {} : { checkpoint_id }) };
  const snapshot = await graph.getState({ configurable: where });
  return idOf(snapshot.config) === undefined || snapshot.createdAt === undefined ? null : snapshot;
}

function entryOf(snapshot: StateSnapshot, parent: StateSnapshot | null): HistoryEntry {
  const source = snapshot.metadata?.source ?? "loop";
  const state = snapshot.values as Partial<State>;
  const earlier = (parent?.values ?? {}) as Partial<State>;
  const [began, ended] = [parent?.createdAt, snapshot.createdAt];
  return {
    checkpoint_id: idOf(snapshot.config) ?? "",
    parent_checkpoint_id: idOf(snapshot.parentConfig) ?? null,
    run_id: state.run_id ?? "",
    source,
    nodes: source === "loop" ? (parent?.next ?? []) : [],
    next: snapshot.next,
    created_at: ended ?? null,
    duration_ms: began === undefined || ended === undefined ? null : Date.parse(ended) - Date.parse(began),
    cost: costOf(source === "loop" ? added(earlier.usage ?? [], state.usage ?? []) : []),
  };
}

/** Usage is appended within a turn, and starts anew with the next. */
function added(before: NodeUsage[], after: NodeUsage[]): NodeUsage[] {
  const goesOn = JSON.stringify(after.slice(0, before.length)) === JSON.stringify(before);
  return goesOn ? after.slice(before.length) : after;
}

function idOf(config: { configurable?: Record<string, unknown> } | undefined): string | undefined {
  const id = config?.configurable?.["checkpoint_id"];
  return typeof id === "string" ? id : undefined;
}

/** What belongs to one run and is never persisted: it travels in `configurable.run`, not in state. */
import type { Json } from "../backends/backend.ts";
import type { Caller } from "../backends/caller.ts";
import type { Plan } from "../routing/plan.ts";
import type { Answer, Finding, NodeUsage } from "./state.ts";

/** What a run tells while it runs. The server's codec turns these into wire events; order is the order of emission. */
export type RunEvent =
  | { type: "node_started"; node: string; step: string | null }
  /** `usage` is what the node spent, so that a run that breaks off is counted as well. */
  | { type: "node_finished"; node: string; step: string | null; duration_ms: number; usage?: NodeUsage[] }
  | { type: "plan"; plan: Plan }
  | { type: "step_started"; step: string; backend: string; kind: string; question: string }
  | { type: "step_progress"; step: string; backend: string; status: string; message: string }
  | { type: "step_finished"; finding: Finding }
  /** A piece of the answer. Concatenated in order they are `answer.text`. */
  | { type: "text"; delta: string }
  /** The whole answer, always last of a run that completed. */
  | { type: "answer"; answer: Answer };

/** Bulky payloads, rows and documents, kept by owner, thread and hash. */
export interface EvidenceStore {
  /** Returns the content's SHA-256 (hex); the same content is kept once per thread. */
  put(value: Json): Promise<string>;
  get(hash: string): Promise<Json | null>;
}

/** Ids of questions under way, so that a restarted run picks them up (committed before polling begins). */
export interface PendingStore {
  get(step: string): Promise<Json | null>;
  put(step: string, handle: Json): Promise<void>;
}

export interface RunContext {
  /** Id of the run: the response's id without its prefix. */
  run_id: string;
  thread_id: string;
  caller: Caller;
  /** Aborted when the client leaves, the run is cancelled or the deadline has passed. */
  signal: AbortSignal;
  /** Epoch milliseconds. */
  deadline: number;
  /** Dollars that are left of the user's day; undefined without such a limit. */
  left_usd?: number;
  emit(event: RunEvent): void;
  evidence: EvidenceStore;
  pending: PendingStore;
}

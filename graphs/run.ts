/** How anyone runs a turn: the server, the evaluations and the command line all call these functions. */
import type { Caller } from "../backends/caller.ts";
import type { Json } from "../backends/backend.ts";
import type { Verification } from "../grounding/verification.ts";
import type { RunEvent } from "../nodes/run-context.ts";
import type { ApprovalReply } from "../nodes/approve.ts";
import type { Answer, Finding, Message, NodeUsage, Options } from "../nodes/state.ts";
import type { Plan } from "../routing/plan.ts";
import type { GraphWatch, Steering } from "./steering.ts";

export interface TurnInput {
  /** Internal thread id, already scoped by owner. */
  thread_id: string;
  /** Nothing was ever kept of this thread, and nobody else can name it: nothing is looked up, nothing to prune. */
  fresh?: boolean;
  /** Continue from this checkpoint instead of the newest one (a fork: `previous_response_id` is a tree). */
  checkpoint_id?: string;
  question: string;
  /** Replaces the remembered history: for stateless clients that send the whole transcript. */
  history?: Message[];
  options: Options;
  /** A person's word on what an interrupted turn waits for; the question is then not a new one. */
  approvals?: ApprovalReply[];
  /** Go on with a turn whose process died, from its last checkpoint; question and options stay as they were. */
  resume?: boolean;
  /** What only LangGraph's own API asks for. */
  steering?: Steering;
}

export interface TurnContext {
  run_id: string;
  caller: Caller;
  signal: AbortSignal;
  /** The process is about to end: what is under way is finished and kept, then the run rejects with its reason. */
  drain?: AbortSignal;
  /** Epoch milliseconds. */
  deadline: number;
  /** Dollars that are left of the user's day; undefined without such a limit. */
  left_usd?: number;
  /** The client wants nothing kept (`store: false`): traces hold what `tracing.capture_unstored` says. */
  unstored?: boolean;
  emit(event: RunEvent): void;
  /** Watches the graph itself, beside what the run tells. */
  graph?: GraphWatch;
}

export interface TurnResult {
  /** `interrupted`: a person is asked; `approvals` says for what. */
  status: "completed" | "failed" | "interrupted";
  answer: Answer | null;
  plan: Plan | null;
  findings: Finding[];
  usage: NodeUsage[];
  /** Set when every step failed: the cause that decides the HTTP status. */
  failure: { code: string; message: string } | null;
  approvals: ApprovalRequest[];
  checkpoint_id: string | null;
  /** What the check of the answer came to, where there was one. */
  verification?: Verification | null;
}

export interface ApprovalRequest {
  /** The request's id, which the reply names. */
  id: string;
  step: string;
  backend: string;
  /** Why a person is asked, in one sentence. */
  reason: string;
  /** Exactly what would be sent. */
  payload: Json;
  /** SHA-256 of the payload; an approval counts for this hash only. */
  hash: string;
}

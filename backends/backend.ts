/** What every backend kind looks like to the graph: one question in, one answer with evidence out. */
import type { BackendConfig } from "../config/schema.ts";
import type { Access } from "./access.ts";
import type { BackendSnapshot } from "./backend-snapshot.ts";
import type { Caller } from "./caller.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One cell of a table: numbers as numbers where the column type says so, everything else as text. */
export type Cell = string | number | boolean | null;

/** Something an answer can be checked against. Plain JSON; kept in the evidence store under its hash. */
export type Evidence =
  | {
      kind: "document";
      title: string;
      /** http(s) only; absent when the backend gave none. */
      url?: string;
      /** The passage that the backend relied on. */
      text: string;
    }
  | {
      kind: "table";
      title: string;
      url?: string;
      /** The statement that produced the rows, where there is one. */
      sql?: string;
      /** What the backend says the statement does. */
      description?: string;
      columns: { name: string; type: string }[];
      rows: Cell[][];
      /** Rows that exist, not only those kept here. */
      row_count: number;
      truncated: boolean;
      statement_id?: string;
    }
  | { kind: "text"; title: string; url?: string; text: string };

/** Tokens as the backend or model counted them. */
export interface TokenUsage {
  input_tokens: number;
  /** Part of `input_tokens`. */
  cached_tokens: number;
  output_tokens: number;
  /** Part of `output_tokens`. */
  reasoning_tokens: number;
}

/** A result of an earlier step that the backend may read. Data, never instructions. */
export interface ContextItem {
  step: string;
  backend: string;
  question: string;
  text: string;
  evidence: Evidence[];
}

export interface BackendRequest {
  question: string;
  /** Only for backends with `accepts_context`. */
  context: ContextItem[];
  /** The backend's own conversation of this thread, from an earlier turn. */
  conversation_id?: string;
  /** Ids of a question that was under way when a process died: pick it up instead of asking again. */
  resume?: Json;
}

export interface Progress {
  /** The backend's own status word, e.g. `EXECUTING_QUERY`, `queued`, `retrying`. */
  status: string;
  /** One sentence for the user. */
  message: string;
}

/** What belongs to one call and is never persisted. */
export interface CallContext {
  signal: AbortSignal;
  /** End of the whole request, epoch milliseconds. */
  deadline: number;
  caller: Caller;
  onProgress(progress: Progress): void;
  /** Text as it arrives, before the answer is complete. */
  onText(delta: string): void;
  /** Ids that allow picking the question up; resolved once they are committed. */
  onPending(handle: Json): Promise<void>;
}

export interface BackendAnswer {
  text: string;
  evidence: Evidence[];
  /** Set when the backend asks back instead of answering. */
  clarification?: { question: string; options: string[] };
  conversation_id?: string;
  suggested_questions: string[];
  /** What the reader must know of how the answer came about: sentences of ours, never the backend's. */
  notes?: string[];
  /** The backend's own trace of this call. */
  trace_id?: string;
  request_id?: string;
  model?: string;
  usage?: TokenUsage;
  /** The identity that was really used. */
  identity: "user" | "app";
  /** HTTP or MCP calls that were needed, retries included. */
  attempts: number;
  /** Milliseconds spent waiting for a place in a queue. */
  queued_ms: number;
  /** Exactly what was sent as the question, without credentials. */
  payload: Json;
  cached: boolean;
}

export interface Readiness {
  ready: boolean;
  /** `ok`, `degraded` (breaker half open), `down`, `unauthorized`, `stopped`. */
  state: "ok" | "degraded" | "down" | "unauthorized" | "stopped";
  /** One sentence with the fix, when not ready. */
  message: string;
  breaker: "closed" | "open" | "half_open";
}

export interface Backend {
  readonly name: string;
  readonly config: BackendConfig;
  /** Asks; throws `BackendError` for every fault of the backend and lets the caller's abort pass through. */
  ask(request: BackendRequest, call: CallContext): Promise<BackendAnswer>;
  /** Whether it could be asked now, without asking a question. */
  check(caller: Caller, signal: AbortSignal): Promise<Readiness>;
  /** In whose name it would be asked for this caller, and what stands in the way; sends nothing. */
  access?(caller: Caller): Access;
  /** Its traffic since the start. */
  snapshot?(): BackendSnapshot;
  close(): Promise<void>;
}

/** Everything that is remembered between requests and restarts. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { RunBeginning } from "./begin-run.ts";
import type { ConversationTable } from "./conversations.ts";
import type { EventLog } from "./event-log.ts";
import type { EvidenceStore } from "./evidence.ts";
import type { FeedbackTable } from "./feedback.ts";
import type { IdempotencyTable } from "./idempotency.ts";
import type { PendingStore } from "./pending.ts";
import type { ResponseTable } from "./responses.ts";
import type { Retention } from "./retention.ts";
import type { RunTable } from "./runs.ts";
import type { ThreadLocks } from "./thread-locks.ts";
import type { ThreadStore } from "./threads.ts";
import type { TraceTable } from "./traces.ts";
import type { TurnStore } from "./turns.ts";
import type { UsageTable } from "./usage.ts";

/** Every failure of the database is a `StoreError`. */
export interface Store extends ThreadLocks {
  /** For `compile({ checkpointer })`. Writes under `withThread` are fenced. */
  readonly checkpointer: BaseCheckpointSaver;
  readonly threads: ThreadStore;
  readonly turns: TurnStore;
  readonly responses: ResponseTable;
  readonly conversations: ConversationTable;
  readonly idempotency: IdempotencyTable;
  readonly runs: RunTable;
  readonly events: EventLog;
  readonly feedback: FeedbackTable;
  readonly usage: UsageTable;
  readonly traces: TraceTable;
  readonly retention: Retention;
  /** Keeps the response, queues its run and settles its idempotency key: all or nothing. Throws `lease_lost`. */
  beginRun(beginning: RunBeginning): Promise<void>;
  evidence(owner: string, threadId: string): EvidenceStore;
  pending(runId: string): PendingStore;
  /** Forgets a thread: its turns, checkpoints and evidence. Stored responses stay, and continue from their text. */
  forgetThread(owner: string, threadId: string): Promise<void>;
  /**
   * Removes a thread with every trace of it; false when it is not this owner's. Call it under `withThread`, so that
   * no run writes meanwhile.
   */
  deleteThread(owner: string, threadId: string): Promise<boolean>;
  /** Bytes on disk, one entry per file or table. */
  sizes(): Promise<Record<string, number>>;
  /** Resolves when the database answers, rejects at the first failure: for readiness. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

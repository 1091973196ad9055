/** What the server needs to be remembered between requests. Implemented in `store/`; every method is scoped by owner. */
import type { Json } from "../backends/backend.ts";
import type { RunBeginning } from "../store/begin-run.ts";
import type { IdempotencyTable } from "../store/idempotency.ts";
import type { ThreadStore } from "../store/threads.ts";
import type { EventLog } from "../store/event-log.ts";
import type { RunTable } from "../store/runs.ts";

/** One input or output item as it stands on the wire, always with an id. */
export interface StoredItem {
  id: string;
  type: string;
  [key: string]: Json;
}

/** A response that can be fetched, continued and deleted. Written once, before the client learns that it ended. */
export interface ResponseRecord {
  /** `resp_…`, unique over all owners. */
  id: string;
  /** `Caller.subject` of the creator; for anyone else the record does not exist. */
  owner: string;
  /** Internal thread id, already scoped by owner. */
  thread_id: string;
  /** The key that the client uses for the thread (`custom_outputs.thread_id`). */
  thread_key: string;
  /** Where a child of this response continues; null when the run left no checkpoint. */
  checkpoint_id: string | null;
  previous_response_id: string | null;
  conversation_id: string | null;
  status: "queued" | "in_progress" | "completed" | "incomplete" | "failed" | "cancelled";
  /** Epoch milliseconds. */
  created_at: number;
  /** The whole response object, as sent. */
  body: { [key: string]: Json };
  /** Normalised input items of this turn, oldest first. */
  input: StoredItem[];
}

export interface ConversationRecord {
  /** `conv_…`. */
  id: string;
  owner: string;
  /** Epoch milliseconds. */
  created_at: number;
  metadata: Record<string, string>;
  /** Whether items were added or removed through the API: then the items, not the thread, are the history. */
  edited: boolean;
}

/** A page of a list. `after` is the id of the last item of the page before; an unknown id gives an empty page. */
export interface PageRequest {
  limit: number;
  order: "asc" | "desc";
  after?: string;
}

export interface ItemPage {
  items: StoredItem[];
  has_more: boolean;
}

/** One question and its answer: the transcript, append-only, outside the graph's state. */
export interface TurnRecord {
  owner: string;
  thread_id: string;
  thread_key: string;
  response_id: string;
  previous_response_id: string | null;
  question: string;
  answer: string;
  status: "completed" | "incomplete";
  /** Epoch milliseconds. */
  created_at: number;
}

export interface ResponseStore {
  readonly responses: {
    /** Inserts or replaces by id. */
    save(record: ResponseRecord): Promise<void>;
    get(owner: string, id: string): Promise<ResponseRecord | null>;
    /** Of one thread, newest first; `before` is the last one of the page before. */
    list(
      owner: string,
      threadId: string,
      limit: number,
      before?: Pick<ResponseRecord, "created_at" | "id">,
    ): Promise<ResponseRecord[]>;
    /** False when there is no such response of this owner. */
    delete(owner: string, id: string): Promise<boolean>;
  };

  readonly conversations: {
    create(record: ConversationRecord): Promise<void>;
    get(owner: string, id: string): Promise<ConversationRecord | null>;
    update(
      owner: string,
      id: string,
      change: { metadata?: Record<string, string>; edited?: boolean },
    ): Promise<ConversationRecord | null>;
    /** Removes the conversation with its items. */
    delete(owner: string, id: string): Promise<boolean>;
    /** Appends in order. False when there is no such conversation of this owner. */
    append(owner: string, id: string, items: StoredItem[]): Promise<boolean>;
    /** Null when there is no such conversation of this owner. */
    items(owner: string, id: string, page: PageRequest): Promise<ItemPage | null>;
    item(owner: string, id: string, itemId: string): Promise<StoredItem | null>;
    deleteItem(owner: string, id: string, itemId: string): Promise<boolean>;
  };

  readonly turns: {
    append(turn: TurnRecord): Promise<void>;
    /** The newest `limit` turns of the thread, oldest first. */
    list(owner: string, threadId: string, limit: number): Promise<TurnRecord[]>;
    /** The turn that a thread began with; null when it has none yet. */
    first(owner: string, threadId: string): Promise<TurnRecord | null>;
  };

  /** Background runs and what they told so far. */
  readonly runs: RunTable;
  readonly events: EventLog;

  readonly threads: Pick<ThreadStore, "touch" | "get" | "list">;

  /** Keeps the response, queues its run and settles its idempotency key: all or nothing. Throws `lease_lost`. */
  beginRun(beginning: RunBeginning): Promise<void>;

  readonly idempotency: IdempotencyTable;

  /**
   * Runs `fn` while nobody else runs on this thread, over all processes that share the store.
   * `wait: false` returns `{ locked: false }` at once when the thread is busy. An aborted `signal` ends the
   * waiting by rejecting with its reason. `lost` aborts when the lock can no longer be held. A background run names
   * itself as `run`: interrupted half way, it keeps the thread busy for all others until it has ended.
   */
  withThread<T>(
    threadId: string,
    options: { wait: boolean; signal: AbortSignal; run?: string },
    fn: (lost: AbortSignal) => Promise<T>,
  ): Promise<{ locked: true; value: T } | { locked: false }>;

  /** Whether somebody runs on this thread, in whatever process. Takes nothing. */
  isHeld(threadId: string): Promise<boolean>;

  /** Forgets a thread: its turns, checkpoints and evidence. Stored responses stay, and continue from their text. */
  forgetThread(owner: string, threadId: string): Promise<void>;

  /** Removes a thread with every trace of it, under `withThread`; false when it is not this owner's. */
  deleteThread(owner: string, threadId: string): Promise<boolean>;
}

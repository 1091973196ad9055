/** The transcript: append-only, outside the graph's state, so that a long thread costs no more per turn than a short one. */
import { type Database, execute, type Transaction } from "./database.ts";
import { assertHeld } from "./fence.ts";
import type { HeldLocks } from "./held-lock.ts";
import { fromText } from "./json.ts";
import { touchThread } from "./threads.ts";

/** One question and its answer. */
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

export interface TurnStore {
  /**
   * A turn with the same `response_id` is kept once: a resumed run may append again.
   * Under `withThread` it throws `lease_lost` when another process took over.
   */
  append(turn: TurnRecord): Promise<void>;
  /** The newest `limit` turns of the thread, oldest first. */
  list(owner: string, threadId: string, limit: number): Promise<TurnRecord[]>;
  /** The turn that a thread began with; null when it has none yet. */
  first(owner: string, threadId: string): Promise<TurnRecord | null>;
}

export function turnStore(database: Database, held: HeldLocks): TurnStore {
  return {
    append: (turn) => database.transaction(() => append(turn, held)),
    list: async (owner, threadId, limit) => {
      const { rows } = await database.query(turnsOf("DESC"), threadId, limit, owner);
      return rows.map((row) => fromText(row["record"]) as TurnRecord).toReversed();
    },
    first: async (owner, threadId) => {
      const { rows } = await database.query(turnsOf("ASC"), threadId, 1, owner);
      return rows[0] === undefined ? null : (fromText(rows[0]["record"]) as TurnRecord);
    },
  };
}

/**
 * A thread has one owner. With the owner among the inner conditions, PostgreSQL without statistics takes the thread
 * for so short that it reads and sorts all of its turns.
 */
function turnsOf(order: "ASC" | "DESC"): string {
  return `SELECT record FROM
    (SELECT record, owner, position FROM @turns WHERE thread_id = ? ORDER BY position ${order} LIMIT ?) AS wanted
    WHERE owner = ? ORDER BY position ${order}`;
}

function* append(turn: TurnRecord, held: HeldLocks): Transaction<void> {
  yield* assertHeld(held);
  // Also takes the thread's row lock, so that two writers cannot count the same position.
  yield* touchThread(turn.owner, turn.thread_id, turn.thread_key, turn.created_at);
  yield* execute(
    `INSERT INTO @turns (response_id, owner, thread_id, position, record)
     SELECT ?, ?, ?, COALESCE(MAX(position), 0) + 1, ? FROM @turns WHERE thread_id = ?
     ON CONFLICT (response_id) DO NOTHING`,
    turn.response_id,
    turn.owner,
    turn.thread_id,
    JSON.stringify(turn),
    turn.thread_id,
  );
}

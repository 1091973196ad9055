/** Threads: who owns them, what their client calls them, when they were last used. */
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { fromText, type Json } from "./json.ts";

export interface ThreadRecord {
  /** Internal id, already scoped by owner. */
  thread_id: string;
  owner: string;
  /** What the client calls it. */
  thread_key: string;
  title: string | null;
  /** What its client wants to know it by. */
  metadata: Record<string, Json>;
  /** Epoch milliseconds. */
  created_at: number;
  /** Epoch milliseconds of the last turn. */
  touched_at: number;
}

/** Where a thread stands in its owner's list: two may have been used in the same millisecond. */
export type ThreadPlace = Pick<ThreadRecord, "thread_id" | "touched_at">;

export interface ThreadStore {
  /** Creates the thread or marks it as used now. */
  touch(owner: string, threadId: string, threadKey: string): Promise<void>;
  get(owner: string, threadId: string): Promise<ThreadRecord | null>;
  /** Newest first; `before` is the last one of the page before. */
  list(owner: string, limit: number, before?: ThreadPlace): Promise<ThreadRecord[]>;
  /** False when there is no such thread of this owner. */
  setTitle(owner: string, threadId: string, title: string): Promise<boolean>;
  /** Replaces what was there. False when there is no such thread of this owner. */
  setMetadata(owner: string, threadId: string, metadata: Record<string, Json>): Promise<boolean>;
}

const COLUMNS = "thread_id, owner, thread_key, title, metadata, created_at, touched_at";

const FIRST_PLACE: ThreadPlace = { touched_at: Number.MAX_SAFE_INTEGER, thread_id: "" };

export function threadStore(database: Database): ThreadStore {
  return {
    touch: (owner, threadId, threadKey) =>
      database.transaction(() => touchThread(owner, threadId, threadKey, database.now())),
    get: async (owner, threadId) => {
      const { rows } = await database.query(
        `SELECT ${COLUMNS} FROM @threads WHERE thread_id = ? AND owner = ?`,
        threadId,
        owner,
      );
      return rows[0] === undefined ? null : toThread(rows[0]);
    },
    list: async (owner, limit, before = FIRST_PLACE) => {
      const { rows } = await database.query(
        `SELECT ${COLUMNS} FROM @threads
         WHERE owner = ? AND touched_at <= ? AND (touched_at < ? OR thread_id > ?)
         ORDER BY touched_at DESC, thread_id LIMIT ?`,
        owner,
        before.touched_at,
        before.touched_at,
        before.thread_id,
        limit,
      );
      return rows.map(toThread);
    },
    setTitle: async (owner, threadId, title) => {
      const { changes } = await database.query(
        `UPDATE @threads SET title = ? WHERE thread_id = ? AND owner = ?`,
        JSON.stringify(title),
        threadId,
        owner,
      );
      return changes > 0;
    },
    setMetadata: async (owner, threadId, metadata) => {
      const { changes } = await database.query(
        `UPDATE @threads SET metadata = ? WHERE thread_id = ? AND owner = ?`,
        JSON.stringify(metadata),
        threadId,
        owner,
      );
      return changes > 0;
    },
  };
}

export function* touchThread(owner: string, threadId: string, key: string, now: number): Transaction<void> {
  yield* execute(
    `INSERT INTO @threads (thread_id, owner, thread_key, created_at, touched_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (thread_id) DO UPDATE SET touched_at =
       CASE WHEN excluded.touched_at > threads.touched_at THEN excluded.touched_at ELSE threads.touched_at END
     WHERE threads.owner = excluded.owner`,
    threadId,
    owner,
    JSON.stringify(key),
    now,
    now,
  );
}

function toThread(row: Row): ThreadRecord {
  return {
    thread_id: String(row["thread_id"]),
    owner: String(row["owner"]),
    thread_key: fromText(row["thread_key"]) as string,
    title: row["title"] === null ? null : (fromText(row["title"]) as string),
    metadata: fromText(row["metadata"]) as Record<string, Json>,
    created_at: Number(row["created_at"]),
    touched_at: Number(row["touched_at"]),
  };
}

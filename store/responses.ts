/** Stored responses: fetched, continued and deleted by id, by their owner only. */
import { type Database, execute, type Row, type Transaction } from "./database.ts";
import { markDeleted } from "./deleted.ts";
import { assertHeld } from "./fence.ts";
import type { HeldLocks } from "./held-lock.ts";
import { fromText, type Json } from "./json.ts";
import { removeResponse } from "./remove-response.ts";
import { markOf } from "./remove-traces.ts";
import { touchThread } from "./threads.ts";

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

export interface ResponseTable {
  /** Inserts or replaces by id. Under `withThread` it throws `lease_lost` when another process took over. */
  save(record: ResponseRecord): Promise<void>;
  get(owner: string, id: string): Promise<ResponseRecord | null>;
  /** Of one thread, newest first; `before` is the last one of the page before. */
  list(
    owner: string,
    threadId: string,
    limit: number,
    before?: Pick<ResponseRecord, "created_at" | "id">,
  ): Promise<ResponseRecord[]>;
  /** Of all owners since a time, oldest first: for promotion into examples. */
  since(time: number, limit: number): Promise<ResponseRecord[]>;
  /** Removes its run, events and idempotency keys as well. False when there is no such response of this owner. */
  delete(owner: string, id: string): Promise<boolean>;
}

export function responseTable(database: Database, held: HeldLocks): ResponseTable {
  return {
    save: (record) => database.transaction(() => saveResponse(record, held)),
    get: async (owner, id) => {
      const { rows } = await database.query(
        `SELECT record, checkpoint_id FROM @responses WHERE id = ? AND owner = ?`,
        id,
        owner,
      );
      return rows[0] === undefined ? null : toRecord(rows[0]);
    },
    list: async (owner, threadId, limit, before = { created_at: Number.MAX_SAFE_INTEGER, id: "" }) => {
      const { rows } = await database.query(
        `SELECT record, checkpoint_id FROM @responses
         WHERE thread_id = ? AND owner = ? AND created_at <= ? AND (created_at < ? OR id > ?)
         ORDER BY created_at DESC, id LIMIT ?`,
        threadId,
        owner,
        before.created_at,
        before.created_at,
        before.id,
        limit,
      );
      return rows.map(toRecord);
    },
    since: async (time, limit) => {
      const { rows } = await database.query(
        `SELECT record, checkpoint_id FROM @responses WHERE created_at >= ? ORDER BY created_at, id LIMIT ?`,
        time,
        limit,
      );
      return rows.map(toRecord);
    },
    delete: (owner, id) => database.transaction(() => remove(owner, id, database.now())),
  };
}

function* remove(owner: string, id: string, now: number): Transaction<boolean> {
  const traces = yield* execute(`SELECT id, owner FROM @traces WHERE response_id = ?`, id);
  const existed = yield* removeResponse(owner, id);
  if (existed) yield* markDeleted([id, ...traces.rows.map(markOf)], now);
  return existed;
}

export function* saveResponse(record: ResponseRecord, held: HeldLocks): Transaction<void> {
  yield* assertHeld(held);
  yield* touchThread(record.owner, record.thread_id, record.thread_key, record.created_at);
  yield* execute(
    `INSERT INTO @responses (id, owner, thread_id, checkpoint_id, conversation_id, created_at, record)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET thread_id = excluded.thread_id, checkpoint_id = excluded.checkpoint_id,
       conversation_id = excluded.conversation_id, record = excluded.record
     WHERE responses.owner = excluded.owner`,
    record.id,
    record.owner,
    record.thread_id,
    record.checkpoint_id,
    record.conversation_id,
    record.created_at,
    JSON.stringify(record),
  );
}

/** The column wins: it becomes null when the thread with its checkpoints is forgotten. */
function toRecord(row: Row): ResponseRecord {
  const checkpoint = row["checkpoint_id"];
  return {
    ...(fromText(row["record"]) as ResponseRecord),
    checkpoint_id: typeof checkpoint === "string" ? checkpoint : null,
  };
}

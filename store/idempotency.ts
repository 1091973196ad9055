/** Idempotency keys: the first request with a key runs, later ones get its response. */
import { createHash } from "node:crypto";
import { type Database, execute, type SqlValue, type Transaction } from "./database.ts";
import { holderIsGone } from "./session.ts";

export type IdempotencyClaim =
  /** The key is ours now: run, then `settle` or `release`. */
  | { state: "new" }
  /** The key was used before. `fingerprint` tells whether the body was the same. */
  | { state: "used"; response_id: string; fingerprint: string; settled: boolean };

export interface IdempotencyTable {
  /**
   * Takes the key or reports its earlier use, atomically. A key is free again after 24 hours, and when the process
   * that claimed it is gone without having stored a response. Should that process only have been paused, it loses
   * `threadId`, on which its request runs under `withThread`.
   */
  claim(
    owner: string,
    key: string,
    fingerprint: string,
    responseId: string,
    threadId?: string,
  ): Promise<IdempotencyClaim>;
  /** Whether the key still stands for this response: a process that was paused may have lost it. */
  standsFor(owner: string, key: string, responseId: string): Promise<boolean>;
  /** The run ended and its response is saved. Does nothing when the key stands for another response by now. */
  settle(owner: string, key: string, responseId: string): Promise<void>;
  /** The run never happened or left nothing to replay: the key is free again, unless it stands for another response. */
  release(owner: string, key: string, responseId: string): Promise<void>;
}

export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1_000;

export function idempotencyTable(database: Database, sessionId: string): IdempotencyTable {
  return {
    claim: (owner, key, fingerprint, responseId, threadId) =>
      database.transaction(() =>
        claim(
          [owner, hashOfKey(key)],
          [fingerprint, responseId, sessionId, threadId ?? null],
          database.now(),
        ),
      ),
    standsFor: async (owner, key, responseId) => {
      const { rows } = await database.query(
        `SELECT 1 FROM @idempotency_keys WHERE owner = ? AND key_hash = ? AND response_id = ?`,
        owner,
        hashOfKey(key),
        responseId,
      );
      return rows.length > 0;
    },
    settle: async (owner, key, responseId) => {
      await database.query(
        `UPDATE @idempotency_keys SET settled = 1 WHERE owner = ? AND key_hash = ? AND response_id = ?`,
        owner,
        hashOfKey(key),
        responseId,
      );
    },
    release: async (owner, key, responseId) => {
      await database.query(
        `DELETE FROM @idempotency_keys WHERE owner = ? AND key_hash = ? AND response_id = ?`,
        owner,
        hashOfKey(key),
        responseId,
      );
    },
  };
}

function* claim(
  id: [owner: string, hash: string],
  use: [fingerprint: string, responseId: string, holder: string, threadId: string | null],
  now: number,
): Transaction<IdempotencyClaim> {
  const before = yield* execute(
    `SELECT thread_id, holder FROM @idempotency_keys WHERE owner = ? AND key_hash = ?`,
    ...id,
  );
  const taken = yield* execute(
    `INSERT INTO @idempotency_keys (owner, key_hash, fingerprint, response_id, holder, thread_id, settled, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT (owner, key_hash) DO UPDATE SET fingerprint = excluded.fingerprint,
       response_id = excluded.response_id, holder = excluded.holder, thread_id = excluded.thread_id, settled = 0,
       created_at = excluded.created_at
     WHERE idempotency_keys.created_at <= ?
       OR idempotency_keys.response_id = excluded.response_id
       OR (idempotency_keys.settled = 0 AND ${holderIsGone("idempotency_keys.holder")}
           AND NOT EXISTS (SELECT 1 FROM @responses r WHERE r.id = idempotency_keys.response_id))`,
    ...id,
    ...use,
    now,
    now - KEY_LIFETIME_MS,
    now,
  );
  if (taken.changes > 0) {
    for (const { thread_id, holder } of before.rows) yield* takeAway(thread_id ?? null, holder ?? null, now);
    return { state: "new" };
  }
  const { rows } = yield* execute(
    `SELECT response_id, fingerprint, settled FROM @idempotency_keys WHERE owner = ? AND key_hash = ?`,
    ...id,
  );
  return {
    state: "used",
    response_id: String(rows[0]?.["response_id"]),
    fingerprint: String(rows[0]?.["fingerprint"]),
    settled: rows[0]?.["settled"] === 1,
  };
}

/** What a process that is gone held: should it wake up, its next write fails, and with it its run. */
function* takeAway(thread: SqlValue, holder: SqlValue, now: number): Transaction<void> {
  yield* execute(
    `UPDATE @thread_locks SET fence = fence + 1, holder = NULL
     WHERE thread_id = ? AND holder = ? AND ${holderIsGone("thread_locks.holder")}`,
    thread,
    holder,
    now,
  );
}

export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

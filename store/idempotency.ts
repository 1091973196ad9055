/** Idempotency keys: the first request with a key runs, later ones get its response. */
import { createHash } from "node:crypto";
import { type Database, execute, type Transaction } from "./database.ts";
import { holderIsGone } from "./session.ts";

export type IdempotencyClaim =
  { state: "new" } | { state: "used"; response_id: string; fingerprint: string; settled: boolean };

export interface IdempotencyTable {
  /**
   * Takes the key or reports its earlier use, atomically. A key is free again after 24 hours, and when the process
   * that claimed it is gone without having stored a response.
   */
  claim(owner: string, key: string, fingerprint: string, responseId: string): Promise<IdempotencyClaim>;
  /** The run ended and its response is saved. Does nothing when the key stands for another response by now. */
  settle(owner: string, key: string, responseId: string): Promise<void>;
  /** The run never happened or left nothing to replay: the key is free again, unless it stands for another response. */
  release(owner: string, key: string, responseId: string): Promise<void>;
}

export const KEY_LIFETIME_MS = 24 * 60 * 60 * 1_000;

export function idempotencyTable(database: Database, sessionId: string): IdempotencyTable {
  return {
    claim: (owner, key, fingerprint, responseId) =>
      database.transaction(() =>
        claim([owner, hashOfKey(key)], [fingerprint, responseId, sessionId], database.now()),
      ),
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
  use: [fingerprint: string, responseId: string, holder: string],
  now: number,
): Transaction<IdempotencyClaim> {
  const taken = yield* execute(
    `INSERT INTO @idempotency_keys (owner, key_hash, fingerprint, response_id, holder, settled, created_at)
     VALUES (?, ?, ?, ?, ?, 0, ?)
     ON CONFLICT (owner, key_hash) DO UPDATE SET fingerprint = excluded.fingerprint,
       response_id = excluded.response_id, holder = excluded.holder, settled = 0, created_at = excluded.created_at
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
  if (taken.changes > 0) return { state: "new" };
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

export function hashOfKey(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

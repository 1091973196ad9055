/** Removes old checkpoints of a thread: LangGraph keeps every one of them for ever (langgraphjs issue 1138). */
import { type Database, execute, type Transaction } from "./database.ts";

/**
 * Keeps the checkpoints of the newest `keepTurns` turns, and those that a stored response continues from (that is
 * also where a run waits for a person). Returns the number of checkpoints removed.
 */
export function pruneThread(database: Database, threadId: string, keepTurns: number): Promise<number> {
  return database.transaction(() => prune(database.kind, threadId, keepTurns));
}

function* prune(kind: Database["kind"], threadId: string, keepTurns: number): Transaction<number> {
  const source =
    kind === "sqlite" ? `json_extract(CAST(metadata AS TEXT), '$.source')` : `metadata->>'source'`;
  // Ids are time-ordered; each turn begins with one checkpoint of source "input".
  const { rows } = yield* execute(
    `SELECT checkpoint_id FROM @checkpoints WHERE thread_id = ? AND checkpoint_ns = '' AND ${source} = 'input'
     ORDER BY checkpoint_id DESC LIMIT 1 OFFSET ?`,
    threadId,
    keepTurns - 1,
  );
  const oldest = rows[0]?.["checkpoint_id"];
  if (oldest === undefined) return 0;
  const { changes } = yield* execute(
    `DELETE FROM @checkpoints WHERE thread_id = ? AND checkpoint_id < ? AND checkpoint_id NOT IN
       (SELECT r.checkpoint_id FROM @responses r WHERE r.thread_id = ? AND r.checkpoint_id IS NOT NULL)`,
    threadId,
    oldest,
    threadId,
  );
  if (changes > 0) yield* pruneParts(kind, threadId, oldest);
  return changes;
}

/** What belonged to the checkpoints that are gone: their writes, and in PostgreSQL values that no other one uses. */
function* pruneParts(
  kind: Database["kind"],
  threadId: string,
  oldest: string | number | null,
): Transaction<void> {
  const writes = kind === "sqlite" ? "writes" : "checkpoint_writes";
  yield* execute(
    `DELETE FROM @${writes} WHERE thread_id = ? AND checkpoint_id < ? AND NOT EXISTS
       (SELECT 1 FROM @checkpoints c WHERE c.thread_id = ${writes}.thread_id
          AND c.checkpoint_ns = ${writes}.checkpoint_ns AND c.checkpoint_id = ${writes}.checkpoint_id)`,
    threadId,
    oldest,
  );
  if (kind === "sqlite") return;
  yield* execute(
    `DELETE FROM @checkpoint_blobs WHERE thread_id = ? AND NOT EXISTS
       (SELECT 1 FROM @checkpoints c WHERE c.thread_id = checkpoint_blobs.thread_id
          AND c.checkpoint_ns = checkpoint_blobs.checkpoint_ns
          AND c.checkpoint->'channel_versions'->>checkpoint_blobs.channel = checkpoint_blobs.version)`,
    threadId,
  );
}

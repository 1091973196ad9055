/** Removes old checkpoints of a thread: LangGraph keeps every one of them for ever (langgraphjs issue 1138). */
import { type Database, execute, type SqlValue, type Transaction } from "./database.ts";

/**
 * Keeps the checkpoints of the newest `keepTurns` turns, and those that a stored response continues from (that is
 * also where a run waits for a person). Returns the number of checkpoints removed.
 *
 * Looks only at what came since the last time, so that the cost does not grow with the thread; `thorough` looks at
 * everything again (a response may have been deleted meanwhile) and removes values that no checkpoint uses any more.
 */
export function pruneThread(
  database: Database,
  threadId: string,
  keepTurns: number,
  thorough: boolean,
): Promise<number> {
  return database.transaction(() => prune(database.kind, threadId, keepTurns, thorough));
}

function* prune(
  kind: Database["kind"],
  threadId: string,
  keepTurns: number,
  thorough: boolean,
): Transaction<number> {
  const to = yield* oldestKept(kind, threadId, keepTurns);
  if (to === undefined) return 0;
  const from = thorough ? "" : yield* prunedTo(threadId);
  const { changes } = yield* execute(
    `DELETE FROM @checkpoints WHERE thread_id = ? AND checkpoint_id >= ? AND checkpoint_id < ?
       AND checkpoint_id NOT IN
         (SELECT r.checkpoint_id FROM @responses r WHERE r.thread_id = ? AND r.checkpoint_id >= ?)`,
    threadId,
    from,
    to,
    threadId,
    from,
  );
  if (changes > 0) yield* pruneWrites(kind, threadId, from, to);
  if (thorough && kind === "postgres") yield* pruneValues(threadId);
  yield* execute(`UPDATE @threads SET pruned_to = ? WHERE thread_id = ?`, to, threadId);
  return changes;
}

/** Ids are time-ordered; each turn begins with one checkpoint of source "input". */
function* oldestKept(
  kind: Database["kind"],
  threadId: string,
  keepTurns: number,
): Transaction<SqlValue | undefined> {
  const source =
    kind === "sqlite" ? `json_extract(CAST(metadata AS TEXT), '$.source')` : `metadata->>'source'`;
  const { rows } = yield* execute(
    `SELECT checkpoint_id FROM @checkpoints WHERE thread_id = ? AND checkpoint_ns = '' AND ${source} = 'input'
     ORDER BY checkpoint_id DESC LIMIT 1 OFFSET ?`,
    threadId,
    keepTurns - 1,
  );
  return rows[0]?.["checkpoint_id"];
}

function* prunedTo(threadId: string): Transaction<SqlValue> {
  const { rows } = yield* execute(`SELECT pruned_to FROM @threads WHERE thread_id = ?`, threadId);
  return rows[0]?.["pruned_to"] ?? "";
}

function* pruneWrites(
  kind: Database["kind"],
  threadId: string,
  from: SqlValue,
  to: SqlValue,
): Transaction<void> {
  const writes = kind === "sqlite" ? "writes" : "checkpoint_writes";
  yield* execute(
    `DELETE FROM @${writes} WHERE thread_id = ? AND checkpoint_id >= ? AND checkpoint_id < ? AND NOT EXISTS
       (SELECT 1 FROM @checkpoints c WHERE c.thread_id = ${writes}.thread_id
          AND c.checkpoint_ns = ${writes}.checkpoint_ns AND c.checkpoint_id = ${writes}.checkpoint_id)`,
    threadId,
    from,
    to,
  );
}

/** PostgresSaver keeps each value once for all checkpoints that share it. */
function* pruneValues(threadId: string): Transaction<void> {
  yield* execute(
    `DELETE FROM @checkpoint_blobs WHERE thread_id = ? AND (checkpoint_ns, channel, version) NOT IN
       (SELECT c.checkpoint_ns, v.key, v.value
        FROM @checkpoints c, jsonb_each_text(c.checkpoint->'channel_versions') AS v WHERE c.thread_id = ?)`,
    threadId,
    threadId,
  );
}

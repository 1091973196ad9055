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
  const from = thorough ? "" : yield* prunedTo(threadId);
  const to = yield* oldestKept(kind, threadId, keepTurns, from);
  if (to === undefined) return 0;
  // With the namespace the index leads to the range alone; subgraphs' checkpoints wait for the thorough look.
  const namespace = thorough ? "" : "checkpoint_ns = '' AND";
  const unused = `thread_id = ? AND ${namespace} checkpoint_id >= ? AND checkpoint_id < ? AND checkpoint_id NOT IN
    (SELECT r.checkpoint_id FROM @responses r WHERE r.thread_id = ? AND r.checkpoint_id >= ? AND r.checkpoint_id < ?)`;
  const values = [threadId, from, to, threadId, from, to];
  const { changes } = yield* execute(`DELETE FROM @checkpoints WHERE ${unused}`, ...values);
  const writes = kind === "sqlite" ? "writes" : "checkpoint_writes";
  if (changes > 0) yield* execute(`DELETE FROM @${writes} WHERE ${unused}`, ...values);
  if (thorough && kind === "postgres") yield* pruneValues(threadId);
  yield* execute(`UPDATE @threads SET pruned_to = ? WHERE thread_id = ?`, to, threadId);
  return changes;
}

/** Ids are time-ordered; each turn begins with one checkpoint of source "input". Before `from` there is none left of it. */
function* oldestKept(
  kind: Database["kind"],
  threadId: string,
  keepTurns: number,
  from: SqlValue,
): Transaction<SqlValue | undefined> {
  const source =
    kind === "sqlite" ? `json_extract(CAST(metadata AS TEXT), '$.source')` : `metadata->>'source'`;
  const { rows } = yield* execute(
    `SELECT checkpoint_id FROM @checkpoints WHERE thread_id = ? AND checkpoint_ns = '' AND checkpoint_id >= ?
       AND ${source} = 'input' ORDER BY checkpoint_id DESC LIMIT 1 OFFSET ?`,
    threadId,
    from,
    keepTurns - 1,
  );
  return rows[0]?.["checkpoint_id"];
}

function* prunedTo(threadId: string): Transaction<SqlValue> {
  const { rows } = yield* execute(`SELECT pruned_to FROM @threads WHERE thread_id = ?`, threadId);
  return rows[0]?.["pruned_to"] ?? "";
}

/** PostgresSaver keeps each value once for all checkpoints that share it. */
function* pruneValues(threadId: string): Transaction<void> {
  // In a loop each value is looked for among those of all checkpoints, one after the other: for 1,000 turns that did
  // not end within 30 s. The hash join that remains is too cheap to be compiled.
  yield* execute(`SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`);
  yield* execute(
    `DELETE FROM @checkpoint_blobs AS b WHERE b.thread_id = ? AND NOT EXISTS
       (SELECT 1 FROM @checkpoints c, jsonb_each_text(c.checkpoint->'channel_versions') AS v
        WHERE c.thread_id = ? AND c.checkpoint_ns = b.checkpoint_ns AND v.key = b.channel AND v.value = b.version)`,
    threadId,
    threadId,
  );
}

/** The regular job that keeps the database small: old checkpoints, aged-out threads, leftovers. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { PersistenceConfig } from "../config/schema.ts";
import type { Database } from "./database.ts";
import { DELETED } from "./deleted.ts";
import { deleteThread } from "./delete-thread.ts";
import { KEY_LIFETIME_MS } from "./idempotency.ts";
import { pruneThread } from "./prune-thread.ts";
import { UNFINISHED } from "./run-record.ts";
import type { ThreadLocks } from "./thread-locks.ts";

export interface RetentionReport {
  pruned_threads: number;
  removed_checkpoints: number;
  removed_threads: number;
}

export interface Retention {
  /** Does the job now, whoever did it last. Stops between two threads when the signal aborts. */
  run(signal: AbortSignal): Promise<RetentionReport>;
  /** Does the job when `every_ms` have passed since any process did it; null when they have not. */
  runIfDue(signal: AbortSignal): Promise<RetentionReport | null>;
  /** Removes old checkpoints of one thread after a turn, under its lock, at a cost that does not grow; their number. */
  prune(threadId: string): Promise<number>;
}

type Config = PersistenceConfig["retention"];

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Threads looked at in one go. */
const PAGE = 100;

export function retention(
  database: Database,
  checkpointer: BaseCheckpointSaver,
  locks: ThreadLocks,
  config: Config,
): Retention {
  const prune = (threadId: string, thorough: boolean) =>
    pruneThread(database, threadId, config.checkpoint_turns, thorough);

  const removeOld = async (signal: AbortSignal): Promise<number> => {
    let removed = 0;
    const before = database.now() - config.thread_days * DAY_MS;
    for (const [threadId, owner] of await oldThreads(database, before)) {
      signal.throwIfAborted();
      // A thread that is in use right now is not old after all.
      const done = await locks.withThread(threadId, { wait: false, signal }, () =>
        deleteThread(database, checkpointer, owner, threadId),
      );
      if (done.locked && done.value) removed += 1;
    }
    return removed;
  };

  const run = async (signal: AbortSignal): Promise<RetentionReport> => {
    const report = { pruned_threads: 0, removed_checkpoints: 0, removed_threads: 0 };
    if (config.thread_days > 0) report.removed_threads = await removeOld(signal);
    for (const threadId of await changedThreads(database)) {
      signal.throwIfAborted();
      // Whoever holds a thread may be about to go on from a checkpoint that nothing keeps: next time, then.
      const done = await locks.withThread(threadId, { wait: false, signal }, () =>
        pruneAndMark(database, threadId, (id) => prune(id, true)),
      );
      const removed = done.locked ? done.value : 0;
      if (removed > 0) report.pruned_threads += 1;
      report.removed_checkpoints += removed;
    }
    await removeLeftovers(database);
    await database.compact();
    return report;
  };

  return {
    run,
    prune: (threadId) => prune(threadId, false),
    runIfDue: async (signal) => ((await isDue(database, config.every_ms)) ? run(signal) : null),
  };
}

async function oldThreads(database: Database, before: number): Promise<[threadId: string, owner: string][]> {
  const { rows } = await database.query(
    `SELECT thread_id, owner FROM @threads WHERE touched_at < ?
     UNION SELECT thread_id, owner FROM @responses r WHERE created_at < ?
       AND NOT EXISTS (SELECT 1 FROM @threads t WHERE t.thread_id = r.thread_id)
     LIMIT ?`,
    before,
    before,
    PAGE * 10,
  );
  return rows.map((row) => [String(row["thread_id"]), String(row["owner"])]);
}

/** Threads that were used since they were pruned last. */
async function changedThreads(database: Database): Promise<string[]> {
  const { rows } = await database.query(
    `SELECT thread_id FROM @threads WHERE touched_at >= pruned_at ORDER BY touched_at LIMIT ?`,
    PAGE * 100,
  );
  return rows.map((row) => String(row["thread_id"]));
}

async function pruneAndMark(
  database: Database,
  threadId: string,
  prune: (threadId: string) => Promise<number>,
): Promise<number> {
  const now = database.now();
  const removed = await prune(threadId);
  await database.query(`UPDATE @threads SET pruned_at = ? WHERE thread_id = ?`, now, threadId);
  return removed;
}

async function removeLeftovers(database: Database): Promise<void> {
  const now = database.now();
  await database.query(`DELETE FROM @idempotency_keys WHERE created_at < ?`, now - KEY_LIFETIME_MS);
  await database.query(`DELETE FROM @facts WHERE name LIKE '${DELETED}%' AND value < ?`, now - DAY_MS);
  await database.query(`DELETE FROM @sessions WHERE expires_at < ?`, now - DAY_MS);
  await database.query(
    `DELETE FROM @pending_calls WHERE updated_at < ?
       AND NOT EXISTS (SELECT 1 FROM @runs r WHERE r.id = pending_calls.run_id AND ${UNFINISHED})`,
    now - DAY_MS,
  );
  await database.query(
    `DELETE FROM @thread_locks WHERE holder IS NULL
       AND NOT EXISTS (SELECT 1 FROM @threads t WHERE t.thread_id = thread_locks.thread_id)`,
  );
}

/** One process does the job: whoever moves the time of the last one forward. */
async function isDue(database: Database, everyMs: number): Promise<boolean> {
  const now = database.now();
  const { changes } = await database.query(
    `INSERT INTO @facts (name, value) VALUES ('retention', ?)
     ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE facts.value <= ?`,
    now,
    now - everyMs,
  );
  return changes > 0;
}

/** Ids of backend questions under way in one run; `nodes/run-context.ts` declares the interface. */
import type { Database } from "./database.ts";
import { type HeldLocks, lockLost } from "./held-lock.ts";
import { fromText, type Json } from "./json.ts";

export interface PendingStore {
  /**
   * Under `withThread` it throws `lease_lost` when another process took over: it is asked before each question, and a
   * process that stood still must not put the question again.
   */
  get(step: string): Promise<Json | null>;
  /** Resolved once committed: polling may begin. */
  put(step: string, handle: Json): Promise<void>;
}

export function pendingOf(database: Database, held: HeldLocks, runId: string): PendingStore {
  return {
    get: async (step) => {
      const lock = held.getStore();
      const { rows } = await database.query(
        `SELECT (SELECT handle FROM @pending_calls WHERE run_id = ? AND step = ?) AS handle,
           (SELECT fence FROM @thread_locks WHERE thread_id = ?) AS fence`,
        runId,
        step,
        lock?.thread_id ?? null,
      );
      if (lock !== undefined && rows[0]?.["fence"] !== lock.fence) throw lockLost(lock);
      const handle = rows[0]?.["handle"];
      return typeof handle === "string" ? (fromText(handle) as Json) : null;
    },
    put: async (step, handle) => {
      await database.query(
        `INSERT INTO @pending_calls (run_id, step, handle, updated_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (run_id, step) DO UPDATE SET handle = excluded.handle, updated_at = excluded.updated_at`,
        runId,
        step,
        JSON.stringify(handle),
        database.now(),
      );
    },
  };
}

/** Ids of backend questions under way in one run; `nodes/run-context.ts` declares the interface. */
import type { Database } from "./database.ts";
import { fromText, type Json } from "./json.ts";

export interface PendingStore {
  get(step: string): Promise<Json | null>;
  /** Resolved once committed: polling may begin. */
  put(step: string, handle: Json): Promise<void>;
}

export function pendingOf(database: Database, runId: string): PendingStore {
  return {
    get: async (step) => {
      const { rows } = await database.query(
        `SELECT handle FROM @pending_calls WHERE run_id = ? AND step = ?`,
        runId,
        step,
      );
      return rows[0] === undefined ? null : (fromText(rows[0]["handle"]) as Json);
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

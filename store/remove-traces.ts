/** Removes what was observed of a thread. */
import { execute, type Row, type Transaction } from "./database.ts";
import { markDeleted, traceMark } from "./deleted.ts";

/** Nothing of a trace arrives so long after its beginning. */
const LATEST_MS = 60 * 60 * 1_000;

/** The internal id of a thread belongs to one owner, so that it needs no check of its own. */
export function* removeTraces(threadId: string, now: number): Transaction<void> {
  const late = yield* execute(
    `SELECT id, owner FROM @traces WHERE thread_id = ? AND started_at > ?`,
    threadId,
    now - LATEST_MS,
  );
  yield* markDeleted([threadId, ...late.rows.map(markOf)], now);
  yield* execute(
    `DELETE FROM @trace_pieces WHERE EXISTS (SELECT 1 FROM @traces t
       WHERE t.id = trace_pieces.trace_id AND t.owner = trace_pieces.owner AND t.thread_id = ?)`,
    threadId,
  );
  yield* execute(`DELETE FROM @traces WHERE thread_id = ?`, threadId);
}

/** Of a row of `@traces`. */
export function markOf(row: Row): string {
  return traceMark({ id: String(row["id"]), owner: String(row["owner"]) });
}

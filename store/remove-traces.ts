/** Removes what was observed of a thread. */
import { execute, type Transaction } from "./database.ts";

/** The internal id of a thread belongs to one owner, so that it needs no check of its own. */
export function* removeTraces(threadId: string): Transaction<void> {
  yield* execute(
    `DELETE FROM @trace_pieces WHERE EXISTS (SELECT 1 FROM @traces t
       WHERE t.id = trace_pieces.trace_id AND t.owner = trace_pieces.owner AND t.thread_id = ?)`,
    threadId,
  );
  yield* execute(`DELETE FROM @traces WHERE thread_id = ?`, threadId);
}

/** Removes a response, or a run, with everything that only it needed. */
import { execute, type Transaction } from "./database.ts";

/** False when there is no such response of this owner. A run that is under way loses its right to write. */
export function* removeResponse(owner: string, id: string): Transaction<boolean> {
  const { changes } = yield* execute(`DELETE FROM @responses WHERE id = ? AND owner = ?`, id, owner);
  if (changes === 0) return false;
  const runs = yield* execute(`SELECT id FROM @runs WHERE response_id = ? AND owner = ?`, id, owner);
  for (const run of runs.rows) yield* removeRun(String(run["id"]));
  // A foreground run has no row of its own: its id is the response's without the prefix.
  yield* execute(`DELETE FROM @pending_calls WHERE run_id = ?`, id.replace(/^resp_/, ""));
  yield* execute(`DELETE FROM @idempotency_keys WHERE response_id = ? AND owner = ?`, id, owner);
  yield* execute(`DELETE FROM @feedback WHERE response_id = ? AND owner = ?`, id, owner);
  yield* execute(`DELETE FROM @turns WHERE response_id = ? AND owner = ?`, id, owner);
  // Traces name their owner in another way, but a response's id is unique over all owners.
  const traces = `SELECT id, owner FROM @traces WHERE response_id = ?`;
  yield* execute(`DELETE FROM @trace_pieces WHERE (trace_id, owner) IN (${traces})`, id);
  yield* execute(`DELETE FROM @traces WHERE response_id = ?`, id);
  return true;
}

export function* removeRun(id: string): Transaction<void> {
  yield* execute(`DELETE FROM @runs WHERE id = ?`, id);
  yield* execute(`DELETE FROM @run_events WHERE run_id = ?`, id);
  yield* execute(`DELETE FROM @pending_calls WHERE run_id = ?`, id);
}

/** Takes a background run on in one step: whoever dies in the middle leaves nothing, or everything. */
import { type Database, execute, type Transaction } from "./database.ts";
import type { HeldLocks } from "./held-lock.ts";
import { hashOfKey } from "./idempotency.ts";
import { leaseLost } from "./run-lease.ts";
import { type ResponseRecord, saveResponse } from "./responses.ts";
import { createRun, type NewRun } from "./runs.ts";

export interface RunBeginning {
  response: ResponseRecord;
  run: NewRun;
  /** The idempotency key that was claimed for the response; null when there is none. */
  key: string | null;
}

/** Throws `lease_lost` when the key stands for another response by now: this process was paused, its client asked again. */
export function beginRun(database: Database, held: HeldLocks, beginning: RunBeginning): Promise<void> {
  return database.transaction(() => begin(beginning, held));
}

function* begin({ response, run, key }: RunBeginning, held: HeldLocks): Transaction<void> {
  if (key !== null) {
    const { changes } = yield* execute(
      `UPDATE @idempotency_keys SET settled = 1 WHERE owner = ? AND key_hash = ? AND response_id = ?`,
      run.owner,
      hashOfKey(key),
      response.id,
    );
    if (changes === 0) throw leaseLost(run.id);
  }
  yield* saveResponse(response, held);
  yield* createRun(run);
}

/** Lets a transaction happen only while the run that it belongs to still holds its thread. */
import { execute, type Transaction } from "./database.ts";
import { type HeldLocks, lockLost } from "./held-lock.ts";

/** First statement of a transaction. Throws `lease_lost`; does nothing outside of `withThread`. */
export function* assertHeld(held: HeldLocks): Transaction<void> {
  const lock = held.getStore();
  if (lock === undefined) return;
  // An update that changes nothing: it also keeps the row locked until the commit.
  const { changes } = yield* execute(
    `UPDATE @thread_locks SET fence = fence WHERE thread_id = ? AND fence = ?`,
    lock.thread_id,
    lock.fence,
  );
  if (changes === 0) throw lockLost(lock);
}

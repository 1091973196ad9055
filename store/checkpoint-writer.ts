/** Group commit of checkpoints: what all runs hand in during one turn of the event loop becomes durable in one transaction. */
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

/** One statement with its values. */
export type Insert = readonly [sql: string, values: readonly unknown[]];

interface Piece {
  lock: HeldLock | undefined;
  inserts: readonly Insert[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** Writes of one commit at most. Their runs all go on right after it, and open streams wait for as long. */
const GROUP = 8;

/** Resolves once committed. Rejects with `lease_lost`, and writes nothing, when the run no longer holds its thread. */
export type CheckpointWriter = (inserts: readonly Insert[]) => Promise<void>;

export function checkpointWriter(connection: SqliteConnection, held: HeldLocks): CheckpointWriter {
  const fence = connection.prepare("SELECT fence FROM thread_locks WHERE thread_id = ?");
  const waiting: Piece[] = [];

  // Checked in the same transaction as the write, so that a paused process cannot write after its wake-up.
  const holds = ({ lock }: Piece) =>
    lock === undefined || fence.get(lock.thread_id)?.["fence"] === lock.fence;

  const commit = connection.transaction((group: readonly Piece[]): Piece[] => {
    const written = group.filter(holds);
    for (const { inserts } of written)
      for (const [sql, values] of inserts) connection.prepare(sql).run(...values);
    return written;
  });

  const settle = (group: readonly Piece[]) => {
    const written = new Set(commit(group));
    for (const piece of group) {
      if (piece.lock === undefined || written.has(piece)) piece.resolve();
      else piece.reject(lockLost(piece.lock));
    }
  };

  const flush = () => {
    const group = waiting.splice(0, GROUP);
    if (waiting.length > 0) setImmediate(flush);
    try {
      settle(group);
    } catch (error) {
      // Nothing of the group was written: each for itself, so that one run's trouble stays its own.
      if (group.length === 1) group[0]?.reject(error);
      else for (const piece of group) alone(piece, settle);
    }
  };

  return (inserts) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(flush);
      waiting.push({ lock: held.getStore(), inserts, resolve, reject });
    });
}

function alone(piece: Piece, settle: (group: readonly Piece[]) => void): void {
  try {
    settle([piece]);
  } catch (error) {
    piece.reject(error);
  }
}

/** One run at a time per thread, over all processes that share the database: a queue inside, a fenced lease outside. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import { endDeadNeighbours } from "./dead-neighbours.ts";
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";
import { keyedQueue } from "./keyed-queue.ts";
import { holderIsGone, type Session } from "./session.ts";

export interface ThreadLocks {
  /**
   * Runs `fn` while nobody else runs on this thread. `wait: false` returns `{ locked: false }` at once when it is busy.
   * An aborted `signal` ends the waiting by rejecting with its reason. `lost` aborts when another process took over.
   */
  withThread<T>(
    threadId: string,
    options: { wait: boolean; signal: AbortSignal },
    fn: (lost: AbortSignal) => Promise<T>,
  ): Promise<{ locked: true; value: T } | { locked: false }>;
}

/** Between looks at a lock that another process holds. */
const POLL_MS = { first: 20, longest: 250 };

export function threadLocks(
  database: Database,
  session: Session,
  host: string,
  held: HeldLocks,
): ThreadLocks {
  const queue = keyedQueue();
  const owned = new Map<HeldLock, AbortController>();
  session.onRenewed((lapsed) => (lapsed ? dropLost(session, owned) : Promise.resolve()));

  const acquire = async (threadId: string, wait: boolean, signal: AbortSignal): Promise<HeldLock | null> => {
    for (let delay = POLL_MS.first; ; delay = Math.min(delay * 2, POLL_MS.longest)) {
      const fence = await take(database, session.id, threadId);
      if (fence !== null) return { thread_id: threadId, fence };
      if (delay === POLL_MS.first) {
        await endDeadNeighbours(database, host);
        const freed = await take(database, session.id, threadId);
        if (freed !== null) return { thread_id: threadId, fence: freed };
      }
      if (!wait) return null;
      await pause(delay, signal);
    }
  };

  const holding = async <T>(lock: HeldLock, fn: (lost: AbortSignal) => Promise<T>): Promise<T> => {
    const lost = new AbortController();
    owned.set(lock, lost);
    try {
      return await held.run(lock, () => fn(lost.signal));
    } finally {
      owned.delete(lock);
      // A failure leaves the row to this session, which may take it again at any time; others when it ends.
      await release(database, lock).catch(() => undefined);
    }
  };

  return {
    withThread: async (threadId, { wait, signal }, fn) => {
      const leave = await queue.enter(threadId, wait, signal);
      if (leave === null) return { locked: false };
      try {
        const lock = await acquire(threadId, wait, signal);
        return lock === null ? { locked: false } : { locked: true, value: await holding(lock, fn) };
      } finally {
        leave();
      }
    },
  };
}

/** The new fence, or null while another living session holds the lock. */
async function take(database: Database, session: string, threadId: string): Promise<number | null> {
  const { rows } = await database.query(
    `INSERT INTO @thread_locks (thread_id, holder, fence) VALUES (?, ?, ?)
     ON CONFLICT (thread_id) DO UPDATE SET holder = excluded.holder, fence = thread_locks.fence + 1
     WHERE thread_locks.holder = excluded.holder OR ${holderIsGone("thread_locks.holder")}
     RETURNING fence`,
    threadId,
    session,
    // A row that was deleted begins again above every fence that it had.
    database.now(),
    database.now(),
  );
  return rows[0] === undefined ? null : Number(rows[0]["fence"]);
}

async function release(database: Database, lock: HeldLock): Promise<void> {
  await database.query(
    `UPDATE @thread_locks SET holder = NULL WHERE thread_id = ? AND fence = ?`,
    lock.thread_id,
    lock.fence,
  );
}

/** After a pause others may have taken locks of ours: tell those who still believe to hold them. */
async function dropLost(session: Session, owned: Map<HeldLock, AbortController>) {
  if (owned.size === 0) return;
  const { rows } = await session.database.query(
    `SELECT thread_id, fence FROM @thread_locks WHERE holder = ?`,
    session.id,
  );
  const kept = new Set(rows.map((row) => `${row["fence"]} ${row["thread_id"]}`));
  for (const [lock, lost] of owned) {
    if (!kept.has(`${lock.fence} ${lock.thread_id}`)) lost.abort(lockLost(lock));
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

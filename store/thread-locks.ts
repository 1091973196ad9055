/** One run at a time per thread, over all processes that share the database: a queue inside, a fenced lease outside. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import { endDeadNeighbours } from "./dead-neighbours.ts";
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";
import { keyedQueue } from "./keyed-queue.ts";
import { freeRow, isHalfWay, isTaken, takeRow } from "./lock-row.ts";
import type { Session } from "./session.ts";

export interface ThreadWait {
  wait: boolean;
  signal: AbortSignal;
  /** The background run that `fn` works on. */
  run?: string;
}

export interface ThreadLocks {
  /**
   * Runs `fn` while nobody else runs on this thread. `wait: false` returns `{ locked: false }` at once when it is busy.
   * An aborted `signal` ends the waiting by rejecting with its reason. `lost` aborts when another process took over.
   * A background run names itself: when it is interrupted half way, by a crash or because `fn` rejects, the thread
   * stays busy for all others until it has ended.
   */
  withThread<T>(
    threadId: string,
    options: ThreadWait,
    fn: (lost: AbortSignal) => Promise<T>,
  ): Promise<{ locked: true; value: T } | { locked: false }>;
  /** Whether somebody runs on this thread, in whatever process. Takes nothing. */
  isHeld(threadId: string): Promise<boolean>;
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

  const holding = async <T>(lock: HeldLock, fn: (lost: AbortSignal) => Promise<T>): Promise<T> => {
    const lost = new AbortController();
    owned.set(lock, lost);
    let halfWay = true;
    try {
      const value = await held.run(lock, () => fn(lost.signal));
      halfWay = false;
      return value;
    } finally {
      owned.delete(lock);
      // A failure leaves the row to this session, which may take it again at any time; others when it ends.
      await freeRow(database, lock, halfWay).catch(() => undefined);
    }
  };

  return {
    withThread: async (threadId, wish, fn) => {
      // Those in line wait for the run that stands half way: it must not stand behind them.
      const goesOn = wish.run !== undefined && (await isHalfWay(database, threadId, wish.run));
      const leave = goesOn ? () => {} : await queue.enter(threadId, wish.wait, wish.signal);
      if (leave === null) return { locked: false };
      try {
        const lock = await acquire({ database, session, host }, threadId, wish);
        return lock === null ? { locked: false } : { locked: true, value: await holding(lock, fn) };
      } finally {
        leave();
      }
    },
    isHeld: (threadId) => isTaken(database, threadId),
  };
}

/** Null when the thread is busy and nobody waits. */
async function acquire(
  { database, session, host }: Place,
  threadId: string,
  { wait, signal, run }: ThreadWait,
): Promise<HeldLock | null> {
  for (let delay = POLL_MS.first; ; delay = Math.min(delay * 2, POLL_MS.longest)) {
    const fence = await takeRow(database, session.id, threadId, run);
    if (fence !== null) return { thread_id: threadId, fence };
    if (delay === POLL_MS.first) {
      await endDeadNeighbours(database, host);
      const freed = await takeRow(database, session.id, threadId, run);
      if (freed !== null) return { thread_id: threadId, fence: freed };
    }
    if (!wait) return null;
    await pause(delay, signal);
  }
}

interface Place {
  database: Database;
  session: Session;
  host: string;
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

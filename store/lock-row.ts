/** The row that says who holds a thread, and which run stands half way on it. */
import type { Database } from "./database.ts";
import type { HeldLock } from "./held-lock.ts";
import { UNFINISHED } from "./run-record.ts";
import { holderIsGone } from "./session.ts";

/** The new fence, or null while another living session holds the lock, or another run stands half way on the thread. */
export async function takeRow(
  database: Database,
  session: string,
  threadId: string,
  run: string | undefined,
): Promise<number | null> {
  const now = database.now();
  const { rows } = await database.query(
    `INSERT INTO @thread_locks (thread_id, holder, fence, run_id) VALUES (?, ?, ?, ?)
     ON CONFLICT (thread_id) DO UPDATE SET holder = excluded.holder, fence = thread_locks.fence + 1,
       run_id = excluded.run_id
     WHERE (thread_locks.holder = excluded.holder OR ${holderIsGone("thread_locks.holder")})
       AND (thread_locks.run_id = excluded.run_id OR NOT EXISTS (SELECT 1 FROM @runs r
         WHERE r.id = thread_locks.run_id AND ${UNFINISHED}
           AND (r.needs_owner = 0 OR NOT ${holderIsGone("r.holder")})))
     RETURNING fence`,
    threadId,
    session,
    // A row that was deleted begins again above every fence that it had.
    now,
    run ?? null,
    now,
    // A run that waits for its owner's token may wait for ever, and nobody is held up for that.
    now,
  );
  return rows[0] === undefined ? null : Number(rows[0]["fence"]);
}

/** Whether `takeRow` would refuse anybody else, found out by reading alone. */
export async function isTaken(database: Database, threadId: string): Promise<boolean> {
  const now = database.now();
  const { rows } = await database.query(
    `SELECT 1 FROM @thread_locks t WHERE t.thread_id = ? AND
       (NOT ${holderIsGone("t.holder")} OR EXISTS (SELECT 1 FROM @runs r WHERE r.id = t.run_id AND ${UNFINISHED}
         AND (r.needs_owner = 0 OR NOT ${holderIsGone("r.holder")})))`,
    threadId,
    now,
    now,
  );
  return rows.length > 0;
}

export async function isHalfWay(database: Database, threadId: string, run: string): Promise<boolean> {
  const { rows } = await database.query(
    `SELECT 1 FROM @thread_locks WHERE thread_id = ? AND run_id = ?`,
    threadId,
    run,
  );
  return rows.length > 0;
}

export async function freeRow(database: Database, lock: HeldLock, halfWay: boolean): Promise<void> {
  await database.query(
    `UPDATE @thread_locks SET holder = NULL${halfWay ? "" : ", run_id = NULL"} WHERE thread_id = ? AND fence = ?`,
    lock.thread_id,
    lock.fence,
  );
}

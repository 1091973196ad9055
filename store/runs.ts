/** Background runs: queued by one process, finished by whichever lives. */
import { type Database, execute, type Transaction } from "./database.ts";
import { endDeadNeighbours } from "./dead-neighbours.ts";
import type { RunLease } from "./run-lease.ts";
import { leaseTable } from "./run-leases.ts";
import { type RunRecord, toRun, UNFINISHED } from "./run-record.ts";
import { holderIsGone, type Session } from "./session.ts";

export type NewRun = Pick<
  RunRecord,
  "id" | "owner" | "thread_id" | "response_id" | "needs_owner" | "request" | "created_at"
>;

export interface RunTable {
  /** Queues a run; the same id is queued once. */
  create(run: NewRun): Promise<void>;
  get(owner: string, id: string): Promise<RunRecord | null>;
  /** Null when the run is over, unknown, or another living process works on it. */
  claim(id: string): Promise<RunLease | null>;
  /**
   * Ids of runs that nobody living works on, oldest first: those that any process can run, and with `owner` also
   * those of this owner that wait for them.
   */
  claimable(limit: number, owner?: string): Promise<string[]>;
  /** Whether a run of this thread is queued or under way, whoever works on it. */
  busy(threadId: string): Promise<boolean>;
  /** Ids of the runs of this thread that are queued or under way, oldest first. */
  unfinished(owner: string, threadId: string): Promise<string[]>;
  /**
   * Asks whoever works on the run to stop. Returns the run as it is now, null when it is not this owner's.
   * When nobody works on it, `claim` it afterwards: the lease comes with `cancelled` aborted, ready to be finished.
   */
  cancel(owner: string, id: string): Promise<RunRecord | null>;
}

export function runTable(database: Database, session: Session, host: string): RunTable {
  const leases = leaseTable(database, session);
  return {
    create: (run) => database.transaction(() => createRun(run)),
    get: async (owner, id) => {
      const { rows } = await database.query(`SELECT * FROM @runs WHERE id = ? AND owner = ?`, id, owner);
      return rows[0] === undefined ? null : toRun(rows[0]);
    },
    claim: (id) => leases.claim(id),
    claimable: async (limit, owner) => {
      await endDeadNeighbours(session.database, host);
      // On the heartbeat's connection: a process with a busy pool must not leave dead ones' runs lying.
      const { rows } = await session.database.query(
        `SELECT id FROM @runs r WHERE ${UNFINISHED} AND (holder = ? OR ${holderIsGone("r.holder")})
           AND (needs_owner = 0 OR owner = ?) ORDER BY created_at, id LIMIT ?`,
        session.id,
        database.now(),
        owner ?? null,
        limit + leases.count(),
      );
      const ids = rows.map((row) => String(row["id"]));
      return ids.filter((id) => !leases.holds(id)).slice(0, limit);
    },
    busy: async (threadId) => {
      const { rows } = await database.query(
        `SELECT 1 FROM @runs WHERE thread_id = ? AND ${UNFINISHED} LIMIT 1`,
        threadId,
      );
      return rows.length > 0;
    },
    unfinished: async (owner, threadId) => {
      const { rows } = await database.query(
        `SELECT id FROM @runs WHERE owner = ? AND thread_id = ? AND ${UNFINISHED} ORDER BY created_at, id`,
        owner,
        threadId,
      );
      return rows.map((row) => String(row["id"]));
    },
    cancel: async (owner, id) => {
      const run = await database.transaction(() => cancel(owner, id, database.now()));
      if (run?.cancel_requested === true) leases.noticeCancel(id);
      return run;
    },
  };
}

export function* createRun(run: NewRun): Transaction<void> {
  yield* execute(
    `INSERT INTO @runs (id, owner, thread_id, response_id, state, holder, fence, attempt, needs_owner,
       cancel_requested, request, created_at, updated_at)
     VALUES (?, ?, ?, ?, 'queued', NULL, 0, 0, ?, 0, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    run.id,
    run.owner,
    run.thread_id,
    run.response_id,
    Number(run.needs_owner),
    JSON.stringify(run.request),
    run.created_at,
    run.created_at,
  );
}

function* cancel(owner: string, id: string, now: number): Transaction<RunRecord | null> {
  yield* execute(
    `UPDATE @runs SET cancel_requested = 1, updated_at = ? WHERE id = ? AND owner = ? AND ${UNFINISHED}`,
    now,
    id,
    owner,
  );
  const { rows } = yield* execute(`SELECT * FROM @runs WHERE id = ? AND owner = ?`, id, owner);
  return rows[0] === undefined ? null : toRun(rows[0]);
}

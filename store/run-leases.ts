/** The leases that this process holds: claimed by compare-and-set, checked at each heartbeat, given up by fence. */
import type { Database, Row } from "./database.ts";
import { leaseLost, type RunLease } from "./run-lease.ts";
import { type RunEnd, type RunRecord, toRun, UNFINISHED } from "./run-record.ts";
import { holderIsGone, type Session } from "./session.ts";

interface Held {
  fence: number;
  lost: AbortController;
  cancelled: AbortController;
}

export interface LeaseTable {
  claim(runId: string): Promise<RunLease | null>;
  holds(runId: string): boolean;
  count(): number;
  /** Somebody in this process asked to cancel: no need to wait for the heartbeat. */
  noticeCancel(runId: string): void;
}

export function leaseTable(database: Database, session: Session): LeaseTable {
  const held = new Map<string, Held>();
  const claiming = new Set<string>();
  session.onRenewed(() => inspect(session, held));

  const giveUp = async (runId: string, fence: number, change: string): Promise<void> => {
    if (held.get(runId)?.fence === fence) held.delete(runId);
    const { changes } = await database.query(
      `UPDATE @runs SET holder = NULL, updated_at = ?, ${change} WHERE id = ? AND fence = ?`,
      database.now(),
      runId,
      fence,
    );
    if (changes === 0) throw leaseLost(runId);
  };

  const leaseOf = (run: RunRecord, fence: number): RunLease => {
    const entry: Held = { fence, lost: new AbortController(), cancelled: new AbortController() };
    held.set(run.id, entry);
    if (run.cancel_requested) entry.cancelled.abort();
    return {
      run,
      fence,
      lost: entry.lost.signal,
      cancelled: entry.cancelled.signal,
      finish: (state: RunEnd) => giveUp(run.id, fence, `state = '${state}'`),
      release: ({ needsOwner = run.needs_owner } = {}) =>
        giveUp(run.id, fence, `state = 'queued', needs_owner = ${Number(needsOwner)}`),
    };
  };

  return {
    claim: async (runId) => {
      if (held.has(runId) || claiming.has(runId)) return null;
      claiming.add(runId);
      try {
        const row = await take(database, session.id, runId);
        return row === undefined ? null : leaseOf(toRun(row), Number(row["fence"]));
      } finally {
        claiming.delete(runId);
      }
    },
    holds: (runId) => held.has(runId),
    count: () => held.size,
    noticeCancel: (runId) => held.get(runId)?.cancelled.abort(),
  };
}

/** Compare and set. A run that this session holds according to the database, but not here, was never given up well. */
async function take(database: Database, sessionId: string, runId: string): Promise<Row | undefined> {
  const { rows } = await database.query(
    `UPDATE @runs SET state = 'running', holder = ?, fence = fence + 1, attempt = attempt + 1, updated_at = ?
     WHERE id = ? AND ${UNFINISHED} AND (holder = ? OR ${holderIsGone("runs.holder")}) RETURNING *`,
    sessionId,
    database.now(),
    runId,
    sessionId,
    database.now(),
  );
  return rows[0];
}

/** At each heartbeat: did somebody take over meanwhile, or ask in another process to cancel? */
async function inspect(session: Session, held: Map<string, Held>): Promise<void> {
  if (held.size === 0) return;
  const before = [...held];
  const { rows } = await session.database.query(
    `SELECT id, fence, cancel_requested FROM @runs WHERE holder = ?`,
    session.id,
  );
  const current = new Map(rows.map((row) => [String(row["id"]), row]));
  for (const [runId, { fence, lost, cancelled }] of before) {
    const row = current.get(runId);
    if (row?.["fence"] !== fence) {
      if (held.get(runId)?.fence !== fence) continue;
      // Else this process could never take the run back, should the other one die as well.
      held.delete(runId);
      lost.abort(leaseLost(runId));
    } else if (row["cancel_requested"] === 1) cancelled.abort();
  }
}

/** One row per open store that says "this process lives": locks and runs of a process that does not are free to take. */
import type { Database } from "./database.ts";

export interface SessionTimes {
  /** A session that was not renewed for so long counts as dead. */
  leaseMs: number;
  heartbeatMs: number;
}

export const SESSION_TIMES: SessionTimes = { leaseMs: 10_000, heartbeatMs: 3_000 };

export interface SessionIdentity {
  id: string;
  host: string;
  pid: number;
}

export interface Session {
  readonly id: string;
  /** Called after each renewal; `lapsed` when others may have taken over meanwhile what this process holds. */
  onRenewed(listener: (lapsed: boolean) => Promise<void>): void;
  /** Renews now; the timer does so regularly. */
  renew(): Promise<void>;
  /** Gives up everything that this process holds. */
  close(): Promise<void>;
}

/** True in SQL when the session in column `holder` is gone; takes the current time as its one value. */
export const holderIsGone = (holder: string) =>
  `(${holder} IS NULL OR NOT EXISTS (SELECT 1 FROM @sessions s WHERE s.id = ${holder} AND s.expires_at > ?))`;

export async function openSession(
  database: Database,
  identity: SessionIdentity,
  times: SessionTimes,
): Promise<Session> {
  const listeners: ((lapsed: boolean) => Promise<void>)[] = [];
  let renewedAt = database.now();
  let closed = false;

  const renew = async () => {
    const started = database.now();
    await write(database, identity, started + times.leaseMs);
    const lapsed = started - renewedAt > times.leaseMs;
    renewedAt = started;
    for (const listener of listeners) await listener(lapsed);
  };
  await write(database, identity, renewedAt + times.leaseMs);

  // A failed renewal is not the end: the next one may succeed, and fences stop every write until then.
  const timer = setInterval(() => void renew().catch(() => undefined), times.heartbeatMs);
  timer.unref();

  return {
    id: identity.id,
    onRenewed: (listener) => void listeners.push(listener),
    renew,
    close: async () => {
      if (closed) return;
      closed = true;
      clearInterval(timer);
      await database.query(`DELETE FROM @sessions WHERE id = ?`, identity.id);
    },
  };
}

async function write(database: Database, identity: SessionIdentity, expiresAt: number): Promise<void> {
  await database.query(
    `INSERT INTO @sessions (id, host, pid, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at`,
    identity.id,
    identity.host,
    identity.pid,
    expiresAt,
  );
}

/** One row per open store that says "this process lives": locks and runs of a process that does not are free to take. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";
import { regularly } from "./regularly.ts";

export interface SessionTimes {
  /** A session that was not renewed for so long counts as dead. */
  leaseMs: number;
  heartbeatMs: number;
}

/** Five beats in a lease: one or two may be late without others taking over. */
export function sessionTimes(leaseMs: number): SessionTimes {
  return { leaseMs, heartbeatMs: Math.floor(leaseMs / 5) };
}

/** How long the end of a process waits for a database that may be gone; the lease runs out by itself. */
const FAREWELL_MS = 2_000;

export interface SessionIdentity {
  id: string;
  host: string;
  pid: number;
}

export interface Session {
  readonly id: string;
  /** The heartbeat's own way to the database: not held up by a busy pool. */
  readonly database: Database;
  /** Called after each renewal; `lapsed` when others may have taken over meanwhile what this process holds. */
  onRenewed(listener: (lapsed: boolean) => Promise<void>): void;
  /** Renews now; the timer does so regularly. */
  renew(): Promise<void>;
  /** Gives up everything that this process holds; a database that does not answer is not waited for. */
  close(): Promise<void>;
}

/** True in SQL when the session in column `holder` is gone; takes the current time as its one value. */
export const holderIsGone = (holder: string) =>
  `(${holder} IS NULL OR NOT EXISTS (SELECT 1 FROM @sessions s WHERE s.id = ${holder} AND s.expires_at > ?))`;

export async function openSession(
  database: Database,
  identity: SessionIdentity,
  times: SessionTimes,
  onError: (error: unknown) => void,
): Promise<Session> {
  const listeners: ((lapsed: boolean) => Promise<void>)[] = [];
  let renewedAt = database.now();

  const renew = async () => {
    const started = database.now();
    await write(database, identity, started + times.leaseMs);
    const lapsed = started - renewedAt > times.leaseMs;
    renewedAt = started;
    for (const listener of listeners) await listener(lapsed);
  };
  await write(database, identity, renewedAt + times.leaseMs);

  // A failed renewal is not the end: the next one may succeed, and fences stop every write until then.
  const heartbeat = regularly(times.heartbeatMs, renew, onError);

  return {
    id: identity.id,
    database,
    onRenewed: (listener) => void listeners.push(listener),
    renew,
    close: async () => {
      const farewell = heartbeat
        .stop()
        .then(() => database.query(`DELETE FROM @sessions WHERE id = ?`, identity.id));
      await Promise.race([farewell.catch(() => undefined), sleep(FAREWELL_MS, undefined, { ref: false })]);
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

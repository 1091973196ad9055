/** Opens PostgreSQL: our own schema, a shared clock, and every migration exactly once between replicas. */
import { Client, Pool } from "pg";
import type { Persistence } from "./checkpointer.ts";
import type { HeldLocks } from "./held-lock.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import { PATIENCE_MS, patiently } from "./patience.ts";
import { postgresDatabase } from "./postgres-database.ts";
import { postgresError } from "./postgres-error.ts";
import { DurablePostgresSaver } from "./postgres-saver.ts";
import type { PostgresSettings } from "./postgres-settings.ts";

/** Waits up to `patienceMs` for a server that is still starting. Throws `StoreError`. */
export async function openPostgres(
  settings: PostgresSettings,
  clock: () => number,
  held: HeldLocks,
  patienceMs: number = PATIENCE_MS,
): Promise<Persistence> {
  const pool = openPool(settings);
  try {
    const offset = await patiently(() => clockOffset(pool, clock, settings.where), patienceMs);
    const options = { ...settings, pool, now: () => clock() + offset, patienceMs };
    const database = postgresDatabase(options);
    const checkpointer = new DurablePostgresSaver(options, held);
    await exclusively(settings, async () => {
      await checkpointer.setup();
      await migrate(database, MIGRATIONS);
    });
    // Without patience: the next beat follows soon.
    const beating = {
      ...options,
      pool: openPool({ ...settings, pool: { ...settings.pool, max: 1 } }),
      patienceMs: 0,
    };
    return { database, heartbeat: postgresDatabase(beating), checkpointer };
  } catch (error) {
    await pool.end();
    throw postgresError(error, settings.where);
  }
}

/**
 * A connection may be cut while idle, or between two statements of a transaction. Its next use tells; without
 * listeners the process would end.
 */
function openPool(settings: PostgresSettings): Pool {
  const pool = new Pool(settings.pool);
  pool.on("error", () => undefined);
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
    // Fails only with the connection itself, and then the next statement tells.
    client.query(LIMITS, limitsOf(settings)).catch(() => undefined);
  });
  return pool;
}

const LIMITS = `SELECT set_config('idle_in_transaction_session_timeout', $1, false), set_config('statement_timeout', $2, false)`;

/**
 * A process that is paused in the middle of a transaction must not keep its rows locked for longer than its lease. A
 * statement that we gave up must not run on: the server would notice only at its end that nobody waits.
 */
function limitsOf({ leaseMs, pool }: PostgresSettings): string[] {
  return [String(leaseMs), String(pool.query_timeout + 1_000)];
}

/** Milliseconds that the server's clock is ahead of ours: leases of several machines are kept by one clock. */
async function clockOffset(pool: Pool, clock: () => number, where: string): Promise<number> {
  try {
    const before = clock();
    const { rows } = await pool.query<{ now: number }>(
      "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS now",
    );
    return Math.round((rows[0]?.now ?? before) - (before + clock()) / 2);
  } catch (error) {
    throw postgresError(error, where);
  }
}

/** Between replicas that start at once: PostgresSaver's own setup is not safe against itself. */
async function exclusively(settings: PostgresSettings, work: () => Promise<void>): Promise<void> {
  // A connection of its own: the lock belongs to the session, and the pool may be as small as one.
  const client = new Client(settings.pool);
  client.on("error", () => undefined);
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [`orchestrator ${settings.schema}`]);
    await work();
  } finally {
    await client.end();
  }
}

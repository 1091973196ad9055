/** A pool whose transactions begin only while the run still holds its thread, and whose errors are ours. */
import type pg from "pg";
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";
import type { PostgresOptions } from "./postgres-database.ts";
import { postgresError } from "./postgres-error.ts";
import { StoreError } from "./store-error.ts";

/**
 * For LangGraph's PostgresSaver, which starts each write with BEGIN: the fence is checked inside the same transaction
 * and its row stays locked until the end, so that nobody can take over between the check and the commit.
 */
export function fencedPool({ pool, schema, where }: PostgresOptions, held: HeldLocks): pg.Pool {
  const fence = `SELECT fence FROM "${schema}".thread_locks WHERE thread_id = $1 FOR SHARE`;
  const named = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw postgresError(error, where);
    }
  };
  const connect = async () => fencedClient(await named(pool.connect()), fence, held.getStore(), named);
  const query = (text: string, values?: unknown[]) => named(pool.query(text, values));
  return { connect, query, end: () => pool.end() } as pg.Pool;
}

function fencedClient(
  client: pg.PoolClient,
  fence: string,
  lock: HeldLock | undefined,
  named: <T>(work: Promise<T>) => Promise<T>,
): pg.PoolClient {
  let broken = false;
  const query = async (text: string, values?: unknown[]) => {
    try {
      const result = await named(client.query(text, values));
      if (text === "BEGIN" && lock !== undefined) await named(assertHeld(client, fence, lock));
      return result;
    } catch (error) {
      // The saver returns its connections without saying that they broke.
      broken ||= error instanceof StoreError && error.code === "connection";
      throw error;
    }
  };
  return { query, release: () => client.release(broken) } as pg.PoolClient;
}

async function assertHeld(client: pg.PoolClient, fence: string, lock: HeldLock): Promise<void> {
  const { rows } = await client.query<{ fence: number }>(fence, [lock.thread_id]);
  if (rows[0]?.fence !== lock.fence) throw lockLost(lock);
}

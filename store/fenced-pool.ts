/** A pool whose transactions begin only while the run still holds its thread. */
import type pg from "pg";
import { DatabaseError } from "pg";
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";

/**
 * For LangGraph's PostgresSaver, which starts each write with BEGIN: the fence is checked inside the same transaction
 * and its row stays locked until the end, so that nobody can take over between the check and the commit.
 */
export function fencedPool(pool: pg.Pool, schema: string, held: HeldLocks): pg.Pool {
  const fence = `SELECT fence FROM "${schema}".thread_locks WHERE thread_id = $1 FOR SHARE`;
  const connect = async () => fencedClient(await pool.connect(), fence, held.getStore());
  const query = (text: string, values?: unknown[]) => pool.query(text, values);
  return { connect, query, end: () => pool.end() } as pg.Pool;
}

function fencedClient(client: pg.PoolClient, fence: string, lock: HeldLock | undefined): pg.PoolClient {
  let broken = false;
  const query = async (text: string, values?: unknown[]) => {
    try {
      const result = await client.query(text, values);
      if (text === "BEGIN" && lock !== undefined) await assertHeld(client, fence, lock);
      return result;
    } catch (error) {
      // The saver returns its connections without saying that they broke.
      broken ||= !(error instanceof DatabaseError);
      throw error;
    }
  };
  return { query, release: () => client.release(broken) } as pg.PoolClient;
}

async function assertHeld(client: pg.PoolClient, fence: string, lock: HeldLock): Promise<void> {
  const { rows } = await client.query<{ fence: number }>(fence, [lock.thread_id]);
  if (rows[0]?.fence !== lock.fence) throw lockLost(lock);
}

/** A pool for LangGraph's PostgresSaver: each write in one round trip, only while the run still holds its thread. */
import type pg from "pg";
import { lookUpBlobs } from "./blob-lookup.ts";
import { type HeldLock, type HeldLocks, lockLost } from "./held-lock.ts";
import type { PostgresOptions } from "./postgres-database.ts";
import { postgresError } from "./postgres-error.ts";
import { StoreError } from "./store-error.ts";

type Named = <T>(work: Promise<T>) => Promise<T>;

export function fencedPool({ pool, schema, where }: PostgresOptions, held: HeldLocks): pg.Pool {
  const named: Named = async (work) => {
    try {
      return await work;
    } catch (error) {
      throw postgresError(error, where);
    }
  };
  const connect = async () => {
    const client = await named(pool.connect());
    const lock = held.getStore();
    return fencedClient(client, named, lock === undefined ? null : fence(client, schema, lock));
  };
  const query = (text: string, values?: unknown[]) => named(pool.query(lookUpBlobs(text), values));
  return { connect, query, end: () => pool.end() } as pg.Pool;
}

/**
 * Fails, and with it the transaction, when somebody else has taken the thread; otherwise the lock's row stays locked
 * until the commit, so that nobody takes over in between.
 */
function fence(client: pg.PoolClient, schema: string, lock: HeldLock): () => Promise<unknown> {
  const sql =
    `SELECT 1 / COUNT(*) FROM (SELECT 1 FROM "${schema}".thread_locks ` +
    `WHERE thread_id = $1 AND fence = $2 FOR SHARE) AS held`;
  return async () => {
    try {
      await client.query(sql, [lock.thread_id, lock.fence]);
    } catch (error) {
      throw (error as { code?: unknown }).code === DIVISION_BY_ZERO ? lockLost(lock) : error;
    }
  };
}

const DIVISION_BY_ZERO = "22012";

/**
 * PostgresSaver waits for the answer to BEGIN, to each INSERT and to COMMIT, and uses none of them. Here they are sent
 * one behind the other and awaited together at the COMMIT: one round trip instead of five to fifteen. When one of them
 * fails, the server refuses the rest and COMMIT rolls back.
 */
function fencedClient(
  client: pg.PoolClient,
  named: Named,
  assertHeld: (() => Promise<unknown>) | null,
): pg.PoolClient {
  let broken = false;
  let sent: Promise<unknown>[] | null = null;

  const send = async (work: Promise<unknown>): Promise<unknown> => {
    try {
      return await named(work);
    } catch (error) {
      // The saver returns its connections without saying that they broke.
      broken ||= error instanceof StoreError && error.code === "connection";
      throw error;
    }
  };
  const sendAhead = (work: Promise<unknown>) => {
    const answer = send(work);
    // Looked at in `settle`; until then a failure is not an unhandled one.
    answer.catch(() => undefined);
    sent?.push(answer);
  };
  const settle = async (last: string) => {
    const answers = [...(sent ?? []), send(client.query(last))];
    sent = null;
    // All of them, so that none is left on its way when the connection goes back; the first failure is the cause.
    const failed = (await Promise.allSettled(answers)).find((answer) => answer.status === "rejected");
    if (failed !== undefined) throw failed.reason;
  };
  const query = async (text: string, values?: unknown[]): Promise<unknown> => {
    if (text === "BEGIN") {
      sent = [];
      sendAhead(client.query(text));
      if (assertHeld !== null) sendAhead(assertHeld());
    } else if (sent === null) return text === "ROLLBACK" ? undefined : send(client.query(text, values));
    else if (text === "COMMIT" || text === "ROLLBACK") await settle(text);
    else sendAhead(client.query(text, values));
    return undefined;
  };
  return { query, release: () => client.release(broken) } as pg.PoolClient;
}

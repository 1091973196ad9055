import { Client } from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { NO_POSTGRES } from "../store/databases.ts";
import { type PostgresServer, startPostgres } from "../store/postgres-server.ts";
import { conversation } from "./growth.ts";
import { readsOf } from "../store/reads.ts";

/** Compared turns of each conversation. */
const TURNS = 5;

describe.skipIf(NO_POSTGRES)("PostgreSQL: a turn with 1,000 turns before it", () => {
  let server: PostgresServer;
  const done: Record<string, number> = {};

  const sendAll = async (statements: readonly string[]) => {
    const client = new Client({ connectionString: server.url });
    await client.connect();
    for (const sql of statements) await client.query(sql);
    await client.end();
  };
  const turns = async (thread: string, count: number) => {
    const retention = { checkpoint_turns: 5 };
    const where = { kind: "postgres", url: server.url, schema: "grown" };
    const store = await createStore(PersistenceConfig.parse({ ...where, retention }), { env: {} });
    const next = conversation(store, thread, done[thread]);
    for (let turn = 0; turn < count; turn += 1) await next();
    done[thread] = (done[thread] ?? 0) + count;
    await store.close();
  };

  beforeAll(async () => {
    server = await startPostgres();
    // It would read, and change plans, at times of its own choosing.
    await sendAll(["ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()"]);
    // So many that each further turn removes an old one's checkpoints.
    await turns("long", 8);
    await turns("fresh", 8);
    await sendAll(EARLIER);
  }, 60_000);
  afterAll(() => server.stop());

  it.each([
    ["before any statistics are there", []],
    ["with fresh statistics", ["ANALYZE"]],
  ])(
    "reads as much as one of a fresh conversation, %s",
    async (_when, prepare) => {
      await sendAll(prepare);
      const long = await readsOf(server.url, () => turns("long", TURNS));
      const fresh = await readsOf(server.url, () => turns("fresh", TURNS));
      expect(fresh.rows).toBeGreaterThan(100 * TURNS);
      expect(long.rows / fresh.rows).toBeLessThan(1.1);
      expect(long.blocks / fresh.blocks).toBeLessThan(1.2);
    },
    60_000,
  );
});

/** What 1,000 earlier turns leave behind: copies of the first one's, under ids before all others. */
const EARLIER_ID = `'0' || lpad(n::text, 7, '0') || substr(checkpoint_id, 9)`;
const EARLIER = [
  `INSERT INTO grown.checkpoints
     SELECT thread_id, checkpoint_ns, ${EARLIER_ID}, NULL, type, checkpoint, metadata
     FROM grown.checkpoints, generate_series(1, 1000) AS n
     WHERE checkpoint_id = (SELECT checkpoint_id FROM grown.responses WHERE id = 'long-1')`,
  `INSERT INTO grown.checkpoint_blobs
     SELECT thread_id, checkpoint_ns, channel, '-' || n || version, type, blob
     FROM grown.checkpoint_blobs, generate_series(1, 100) AS n WHERE thread_id = 'long'`,
  `INSERT INTO grown.turns
     SELECT n || response_id, owner, thread_id, -n, record
     FROM grown.turns, generate_series(1, 1000) AS n WHERE response_id = 'long-1'`,
  `INSERT INTO grown.responses (id, owner, thread_id, checkpoint_id, created_at, record)
     SELECT n || id, owner, thread_id, ${EARLIER_ID}, created_at - n, record
     FROM grown.responses, generate_series(1, 1000) AS n WHERE id = 'long-1'`,
  // Of other conversations: a table that holds two short ones only is best read from end to end.
  `INSERT INTO grown.checkpoint_writes
     SELECT thread_id || n, checkpoint_ns, checkpoint_id, task_id, idx, channel, type, blob
     FROM grown.checkpoint_writes, generate_series(1, 50) AS n WHERE thread_id = 'fresh'`,
];

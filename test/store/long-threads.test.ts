import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import { Client } from "pg";
import { itemTable } from "../../store/conversation-items.ts";
import type { Statement } from "../../store/database.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { sqliteDatabase } from "../../store/sqlite-database.ts";
import type { Store } from "../../store/store.ts";
import { never, NO_POSTGRES, useDatabase } from "./databases.ts";
import { readsOf } from "./reads.ts";
import { aTurn } from "./records.ts";
import { recorded } from "./recorded.ts";

const OWNER = "user:ada";

describe.skipIf(NO_POSTGRES)("postgres: before any statistics are there", () => {
  const database = useDatabase("postgres");

  it("reads few of 1,000 turns and items when few are asked for", async () => {
    const { schema } = database.config();
    const { url } = database.server();
    const store = await database.open();
    await store.turns.append(aTurn());
    const conversation = { id: "conv", owner: OWNER, created_at: 1, metadata: {}, edited: false };
    await store.conversations.create(conversation);
    await store.close();
    await send(url, [
      "ALTER SYSTEM SET autovacuum = off",
      "SELECT pg_reload_conf()",
      `INSERT INTO ${schema}.turns SELECT 'r' || n, owner, thread_id, n + 1, record
         FROM ${schema}.turns, generate_series(1, 1000) AS n`,
      `INSERT INTO ${schema}.conversation_items SELECT 'conv', n::text, n, 'msg_' || n, '{"id":"msg_' || n || '"}'
         FROM generate_series(1, 1000) AS n`,
    ]);
    const rowsOf = async (work: (opened: Store) => Promise<unknown>) => {
      const reads = await readsOf(url, async () => {
        const opened = await database.open();
        await work(opened);
        await opened.close();
      });
      return reads.rows;
    };
    const { thread_id } = aTurn();
    const item = (id: string) => rowsOf(({ conversations }) => conversations.item(OWNER, "conv", id));
    // Opening the store reads some rows of its own, a heartbeat one more.
    const few = (await rowsOf(async () => {})) + 10;
    expect(await rowsOf(({ turns }) => turns.list(OWNER, thread_id, 2))).toBeLessThan(few);
    expect(await rowsOf(({ turns }) => turns.first(OWNER, thread_id))).toBeLessThan(few);
    expect(await item("msg_500")).toBeLessThan(few);
    expect(await item("msg_none")).toBeLessThan(few);
  });
});

describe.skipIf(NO_POSTGRES)("postgres: the regular job", () => {
  const database = useDatabase("postgres", { retention: { checkpoint_turns: 2 } });

  it("removes the unused values of a thread whose 1,500 checkpoints are all kept", async () => {
    const { schema } = database.config();
    const { url } = database.server();
    const store = await database.open();
    await store.turns.append(aTurn({ created_at: Date.now() }));
    await send(url, [
      `INSERT INTO ${schema}.checkpoints (thread_id, checkpoint_id, checkpoint, metadata)
         SELECT 'thread-1', n, jsonb_build_object('channel_versions',
           (SELECT jsonb_object_agg('channel_' || c, n) FROM generate_series(1, 10) AS c)), '{"source":"input"}'
         FROM generate_series(1, 1500) AS n`,
      `INSERT INTO ${schema}.responses (id, owner, thread_id, checkpoint_id, created_at, record)
         SELECT n, 'user:ada', 'thread-1', n, n, '{}' FROM generate_series(1, 1500) AS n`,
      `INSERT INTO ${schema}.checkpoint_blobs (thread_id, channel, version, type)
         SELECT 'thread-1', 'channel_' || c, n, 'empty'
         FROM generate_series(1, 3000) AS n, generate_series(1, 10) AS c`,
      "ANALYZE",
    ]);
    expect(await store.retention.run(never)).toMatchObject({ removed_checkpoints: 0 });
    const left = await send(url, [`SELECT COUNT(*)::int AS n FROM ${schema}.checkpoint_blobs`]);
    expect(left).toEqual([{ n: 15_000 }]);
  }, 60_000);
});

describe("sqlite", () => {
  const database = useDatabase("sqlite");

  it("finds an item of a conversation by its id", async () => {
    await database.open();
    const connection = openSqlite(database.config().path);
    const sent: Statement[] = [];
    const items = itemTable(recorded(sqliteDatabase(connection, Date.now), sent), new AsyncLocalStorage());
    expect(await items.item(OWNER, "conv", "msg_1")).toBeNull();
    const [step] = connection
      .prepare(`EXPLAIN QUERY PLAN ${sent[0]?.sql.replaceAll("@", "")}`)
      .all(...(sent[0]?.values ?? []));
    connection.close();
    expect(step?.["detail"]).toBe(
      "SEARCH conversation_items USING INDEX conversation_items_by_id (conversation_id=? AND <expr>=?)",
    );
  });
});

/** Rows of the last statement. */
async function send(url: string, statements: readonly string[]): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  let rows: unknown[] = [];
  for (const sql of statements) ({ rows } = await client.query(sql));
  await client.end();
  return rows;
}

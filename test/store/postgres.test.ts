import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { Client } from "pg";
import { describe, expect, it } from "vitest";
import { createStore } from "../../store/create-store.ts";
import { openPostgres } from "../../store/postgres.ts";
import { postgresSettings } from "../../store/postgres-settings.ts";
import { NO_POSTGRES, never, useDatabase } from "./databases.ts";
import { aRun, aTurn } from "./records.ts";

const State = Annotation.Root({ question: Annotation<string>, log: Annotation<string | undefined> });

describe.skipIf(NO_POSTGRES)("PostgreSQL", () => {
  const database = useDatabase("postgres", { pool_max: 4 });

  it("keeps everything in a schema of our own", async () => {
    await database.open();
    const { rows } = await admin(
      "SELECT DISTINCT table_schema AS s FROM information_schema.tables ORDER BY s",
    );
    expect(rows.map((row) => row["s"])).toEqual([
      "information_schema",
      "pg_catalog",
      database.config().schema,
    ]);
  });

  it("works with a single connection", async () => {
    const store = await createStore({ ...database.config(), pool_max: 1 }, { env: {} });
    const done = await store.withThread("thread-1", { wait: true, signal: never }, async () => {
      await Promise.all([1, 2, 3].map((n) => store.turns.append(aTurn({ response_id: `resp_${n}` }))));
      return store.turns.list("user:ada", "thread-1", 9);
    });
    expect(done.locked && done.value).toHaveLength(3);
    await store.close();
  });

  it("asks for the password at each new connection and names a wrong one", async () => {
    const { password, url } = database.server();
    const withoutPassword = { ...database.config(), url: url.replace(`:${password}@`, "@") };
    let asked = 0;
    const rotating = async () => {
      asked += 1;
      return password;
    };
    const store = await createStore(withoutPassword, { env: {}, password: rotating });
    const before = asked;
    await terminateAll();
    await store.turns.append(aTurn());
    expect(asked).toBeGreaterThan(before);
    await store.close();
    await expect(
      createStore(withoutPassword, { env: {}, password: async () => "wrong" }),
    ).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("credential's lifetime"),
    });
  });

  it("loses no accepted turn when the server is gone for a while", async () => {
    const store = await database.open();
    await store.runs.create(aRun());
    const lease = (await store.runs.claim("1"))!;
    const graph = new StateGraph(State)
      .addNode("slow", async (state) => {
        await sleep(20);
        return { log: `${state.log ?? ""}${state.question}|` };
      })
      .addEdge(START, "slow")
      .addEdge("slow", END)
      .compile({ checkpointer: store.checkpointer });
    const turn = (n: number) =>
      store.withThread(`thread-${n % 3}`, { wait: true, signal: never }, async () => {
        const thread_id = `thread-${n % 3}`;
        await graph.invoke({ question: String(n) }, { configurable: { thread_id } });
        await store.turns.append(aTurn({ thread_id, response_id: `resp_${n}` }));
        await store.events.append(lease, [{ sequence_number: n, event: "{}" }]);
      });
    const turns = Array.from({ length: 30 }, (_, n) => turn(n));
    await sleep(100);
    await database.server().crash();
    await expect(store.ping()).rejects.toMatchObject({ code: "connection", temporary: true });
    await sleep(1_500);
    await database.server().restart();
    await Promise.all(turns);
    for (const n of [0, 1, 2]) {
      const asked = Array.from({ length: 10 }, (_, index) => index * 3 + n);
      const state = await graph.getState({ configurable: { thread_id: `thread-${n}` } });
      expect(state.values).toMatchObject({ log: asked.map((question) => `${question}|`).join("") });
      const kept = await store.turns.list("user:ada", `thread-${n}`, 99);
      expect(kept.map((record) => record.response_id)).toEqual(asked.map((question) => `resp_${question}`));
    }
    const events = await store.events.read("1", -1);
    expect(events.map((event) => event.sequence_number)).toEqual(Array.from({ length: 30 }, (_, n) => n));
    await lease.finish("completed");
  });

  it("survives connections that are cut over and over", async () => {
    const store = await database.open();
    const cutting = (async () => {
      for (let n = 0; n < 8; n += 1) {
        await sleep(40);
        await terminateAll();
      }
    })();
    const ids = Array.from({ length: 60 }, (_, n) => `resp_${n}`);
    for (const response_id of ids) await store.turns.append(aTurn({ response_id }));
    await cutting;
    const kept = await store.turns.list("user:ada", "thread-1", 99);
    expect(kept.map((record) => record.response_id)).toEqual(ids);
  });

  it("leaves no statement behind in the server that it gave up", async () => {
    const settings = postgresSettings(database.config(), {});
    const hasty = { ...settings, pool: { ...settings.pool, query_timeout: 1_000 } };
    const opened = await openPostgres(hasty, Date.now, new AsyncLocalStorage(), 0);
    const slow = "SELECT pg_sleep(60)";
    await expect(opened.database.query(slow)).rejects.toMatchObject({ code: "connection" });
    const running = () =>
      admin(`SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query = '${slow}'`);
    for (let look = 0; look < 100 && (await running()).rows.length > 0; look += 1) await sleep(100);
    expect((await running()).rows).toEqual([]);
    await opened.heartbeat.close();
    await opened.database.close();
  }, 30_000);

  it("keeps its leases while every connection of the pool is busy", async () => {
    const sessionTimes = { leaseMs: 300, heartbeatMs: 50 };
    const busy = await createStore({ ...database.config(), pool_max: 1 }, { env: {}, sessionTimes });
    const other = await database.open();
    await busy.withThread("thread-1", { wait: true, signal: never }, async (lost) => {
      const release = await occupy();
      const stuck = busy.evidence("user:ada", "thread-1").put("document");
      await sleep(700);
      expect(await other.withThread("thread-1", { wait: false, signal: never }, async () => 1)).toEqual({
        locked: false,
      });
      await release();
      await stuck;
      expect(lost.aborted).toBe(false);
    });
    await busy.close();
  });

  it("keeps leases by the server's clock, whatever the machine's says", async () => {
    const hour = 60 * 60 * 1_000;
    const [slow, fast] = [
      await database.open({ clock: () => Date.now() - hour }),
      await database.open({ clock: () => Date.now() + hour }),
    ];
    await slow.withThread("thread-1", { wait: true, signal: never }, async () => {
      expect(await fast.withThread("thread-1", { wait: false, signal: never }, async () => 1)).toEqual({
        locked: false,
      });
    });
    await fast.runs.create(aRun());
    await fast.runs.claim("1");
    expect(await slow.runs.claimable(9)).toEqual([]);
  });

  it("stops at once even though the server is gone", async () => {
    const store = await createStore(database.config(), { env: {} });
    await database.server().crash();
    await store.close();
    await database.server().restart();
    await expect(store.turns.append(aTurn())).rejects.toMatchObject({ code: "closed" });
  });

  async function admin(sql: string) {
    const client = new Client({ connectionString: database.server().url });
    await client.connect();
    try {
      return await client.query<Record<string, unknown>>(sql);
    } finally {
      await client.end();
    }
  }

  /** Locks the evidence, so that whoever writes some keeps its connection until the returned function is called. */
  async function occupy(): Promise<() => Promise<void>> {
    const client = new Client({ connectionString: database.server().url });
    await client.connect();
    await client.query(`BEGIN; LOCK TABLE "${database.config().schema}".evidence IN ACCESS EXCLUSIVE MODE`);
    return () => client.end();
  }

  async function terminateAll(): Promise<void> {
    await admin(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'multi-agent-orchestrator'",
    );
  }
});

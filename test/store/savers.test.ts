/**
 * LangGraph's published validation suite, run on the savers as we configure them. It knows one exception by itself:
 * for the name of the SQLite package it skips "should only store channel_values that have changed", because
 * SqliteSaver writes the whole state into every checkpoint. Here the exception is run, and must fail as it says.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { validate } from "@langchain/langgraph-checkpoint-validation";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import { NO_POSTGRES } from "./databases.ts";
import { type PostgresServer, startPostgres } from "./postgres-server.ts";

const withExceptions = new Proxy(it, {
  get: (target, key): unknown => (key === "skip" ? target.fails : Reflect.get(target, key)),
});

// The suite was written for runners that put these into the global scope.
Object.assign(globalThis, {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it: withExceptions,
});

const stores = new Map<BaseCheckpointSaver, Store>();
let count = 0;

async function open(persistence: object): Promise<BaseCheckpointSaver> {
  const store = await createStore(PersistenceConfig.parse(persistence), { env: {} });
  stores.set(store.checkpointer, store);
  return store.checkpointer;
}

async function close(checkpointer: BaseCheckpointSaver): Promise<void> {
  await stores.get(checkpointer)?.close();
  stores.delete(checkpointer);
}

const folder = mkdtempSync(join(tmpdir(), "orchestrator-savers-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

validate({
  checkpointerName: "@langchain/langgraph-checkpoint-sqlite",
  createCheckpointer: () => open({ kind: "sqlite", path: join(folder, `${(count += 1)}.db`) }),
  destroyCheckpointer: close,
});

if (!NO_POSTGRES) {
  let server: PostgresServer;
  validate({
    checkpointerName: "@langchain/langgraph-checkpoint-postgres",
    beforeAll: async () => {
      server = await startPostgres();
    },
    beforeAllTimeout: 60_000,
    createCheckpointer: () => open({ kind: "postgres", url: server.url, schema: `saver_${(count += 1)}` }),
    destroyCheckpointer: close,
    afterAll: () => server.stop(),
  });
}

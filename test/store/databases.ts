/** A fresh database of each kind for a group of tests, and stores opened on it. */
import { setMaxListeners } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore, type StoreDeps } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import { type PostgresServer, startPostgres, withoutPostgres } from "./postgres-server.ts";

export const NO_POSTGRES = withoutPostgres();

export const KINDS = NO_POSTGRES ? (["sqlite"] as const) : (["sqlite", "postgres"] as const);

export interface TestDatabase {
  config(): PersistenceConfig;
  /** Another store on the same database, closed after the test. */
  open(deps?: Partial<StoreDeps>): Promise<Store>;
  server(): PostgresServer;
}

let schemas = 0;

/** Registers hooks: a file or a cluster for the whole group, a fresh path or schema for each test. */
export function useDatabase(kind: "sqlite" | "postgres", persistence: object = {}): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), "orchestrator-store-"));
  const opened: Store[] = [];
  let server: PostgresServer | undefined;
  let current = 0;
  if (kind === "postgres") {
    beforeAll(async () => {
      server = await startPostgres();
    });
  }
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    current = 0;
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const config = () => {
    current ||= schemas += 1;
    const where = { path: join(folder, `${current}.db`), url: server?.url, schema: `test_${current}` };
    return PersistenceConfig.parse({ kind, ...where, ...persistence });
  };
  return {
    config,
    open: async (deps = {}) => {
      const store = await createStore(config(), { env: {}, ...deps });
      opened.push(store);
      return store;
    },
    server: () => {
      if (server === undefined) throw new Error("There is no PostgreSQL server in this group.");
      return server;
    },
  };
}

/** A signal that never aborts. */
export const never = new AbortController().signal;
setMaxListeners(0, never);

/** Never renews itself in time: to everybody else this store looks dead 100 ms after it was opened. */
export const PAUSED = { sessionTimes: { leaseMs: 100, heartbeatMs: 3_600_000 } };

/** The configured database and LangGraph's official saver on the same connection settings. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { PersistenceConfig } from "../config/schema.ts";
import type { Database } from "./database.ts";
import type { HeldLocks } from "./held-lock.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import type { Environment } from "./postgres-settings.ts";
import { openSqlite } from "./sqlite.ts";
import { sqliteDatabase } from "./sqlite-database.ts";
import { DurableSqliteSaver } from "./sqlite-saver.ts";

export interface Persistence {
  /** Migrated to the newest version. */
  database: Database;
  /** For the heartbeat: with PostgreSQL a connection of its own, so that a busy pool cannot end a lease. */
  heartbeat: Database;
  checkpointer: BaseCheckpointSaver;
}

export interface PersistenceDeps {
  /** Where `PG*` and `DATABASE_URL` are looked up. */
  env: Environment;
  /** A fresh database password, asked for at each new connection (Lakebase). */
  password?: () => Promise<string>;
  /** Epoch milliseconds. */
  clock?: () => number;
}

/** `memory` is SQLite without a file: one implementation of everything, nothing kept. Throws `StoreError`. */
export async function openPersistence(
  config: PersistenceConfig,
  { env, password, clock = Date.now }: PersistenceDeps,
  held: HeldLocks,
): Promise<Persistence> {
  if (config.kind === "postgres") {
    // Its driver and saver are loaded only where they are used: the start is shorter without.
    const { openPostgres } = await import("./postgres.ts");
    const { postgresSettings } = await import("./postgres-settings.ts");
    return openPostgres(postgresSettings(config, env, password), clock, held);
  }
  const connection = openSqlite(config.kind === "memory" ? ":memory:" : config.path);
  const database = sqliteDatabase(connection, clock);
  try {
    await migrate(database, MIGRATIONS);
    return { database, heartbeat: database, checkpointer: new DurableSqliteSaver(connection, held) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

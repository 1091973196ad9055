/** The configured database and LangGraph's official saver on the same connection settings. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import type { PersistenceConfig } from "../config/schema.ts";
import type { Database } from "./database.ts";
import type { HeldLocks } from "./held-lock.ts";
import { migrate } from "./migrate.ts";
import { MIGRATIONS } from "./migrations/all.ts";
import { openSqlite } from "./sqlite.ts";
import { sqliteDatabase } from "./sqlite-database.ts";
import { sqliteSaver } from "./sqlite-saver.ts";
import { StoreError } from "./store-error.ts";

export interface Persistence {
  /** Migrated to the newest version. */
  database: Database;
  checkpointer: BaseCheckpointSaver;
}

/** `memory` is SQLite without a file: one implementation of everything, nothing kept. Throws `StoreError`. */
export async function openPersistence(
  config: PersistenceConfig,
  clock: () => number,
  held: HeldLocks,
): Promise<Persistence> {
  if (config.kind === "postgres") throw new StoreError("cannot_open", "PostgreSQL is not available yet.");
  const connection = openSqlite(config.kind === "memory" ? ":memory:" : config.path);
  const database = sqliteDatabase(connection, clock);
  try {
    await migrate(database, MIGRATIONS);
    return { database, checkpointer: sqliteSaver(connection, held) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

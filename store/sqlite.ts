/** Opens an embedded database the one right way: node:sqlite where Node has it, else libsql, always patient, always WAL. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { SqliteConnection, SqliteDriver, SqliteStatement } from "./sqlite-connection.ts";
import { sqliteError } from "./sqlite-error.ts";
import { openLibsql } from "./sqlite-libsql.ts";
import { openNodeSqlite } from "./sqlite-node.ts";
import { StoreError } from "./store-error.ts";

/** How long a statement waits for another process's lock. */
export const BUSY_TIMEOUT_MS = 5_000;

/** Statements kept prepared; ours and the saver's are a few dozen. */
const MAX_PREPARED = 200;

type Guard = <T>(work: () => T) => T;

export interface SqliteOptions {
  busyTimeoutMs?: number;
  /** For tests; otherwise the best one that this Node has. */
  driver?: SqliteConnection["driver"];
}

/** `path` is a file (its folder is created) or `:memory:`. Throws `StoreError`. */
export function openSqlite(path: string, options: SqliteOptions = {}): SqliteConnection {
  const timeout = options.busyTimeoutMs ?? BUSY_TIMEOUT_MS;
  const guard: Guard = (work) => {
    try {
      return work();
    } catch (error) {
      throw sqliteError(error, path);
    }
  };
  const connection = connect(
    path,
    guard(() => openDriver(path, timeout, options.driver)),
    guard,
  );
  connection.pragma(`busy_timeout=${timeout}`);
  // Must come before the first table: lets the retention job give freed pages back to the file system.
  connection.pragma("auto_vacuum=INCREMENTAL");
  // What is deleted is overwritten where the page is written anyway; `compact` takes care of whole free pages.
  connection.pragma("secure_delete=FAST");
  connection.pragma("journal_mode=WAL");
  // With WAL this survives the death of the process; only a power cut can take the last commits.
  connection.pragma("synchronous=NORMAL");
  // Every 16 MB instead of 4: it copies and syncs, and everything waits for it meanwhile.
  connection.pragma("wal_autocheckpoint=4000");
  connection.pragma("journal_size_limit=67108864");
  return connection;
}

function openDriver(path: string, timeout: number, wanted: SqliteOptions["driver"]): SqliteDriver {
  if (path !== ":memory:") makeFolder(path);
  const driver = wanted === "libsql" ? null : openNodeSqlite(path);
  if (driver === null && wanted === "node:sqlite") {
    throw new StoreError(
      "cannot_open",
      "This Node has no node:sqlite: use 22.13 or later, or the libsql driver.",
    );
  }
  return driver ?? openLibsql(path, timeout);
}

/** The folder may be a file, or lie where this user may not write. */
function makeFolder(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw new StoreError(
      "cannot_open",
      `The folder ${dirname(path)} of the database cannot be made. Check persistence.path and who may write there.`,
      error,
    );
  }
}

function connect(path: string, driver: SqliteDriver, outer: Guard): SqliteConnection {
  const prepared = new Map<string, SqliteStatement>();
  let inTransaction = false;
  let open = true;
  const guard = <T>(work: () => T): T => {
    if (!open) throw new StoreError("closed", `The database ${path} was closed.`);
    return outer(work);
  };

  const prepare = (sql: string): SqliteStatement => {
    const known = prepared.get(sql);
    if (known !== undefined) return known;
    const statement = guard(() => driver.prepare(sql));
    const guarded: SqliteStatement = {
      run: (...values) => guard(() => statement.run(...values)),
      get: (...values) => guard(() => statement.get(...values)),
      all: (...values) => guard(() => statement.all(...values)),
    };
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    prepared.set(sql, guarded);
    return guarded;
  };
  const exec = (sql: string) => guard(() => driver.exec(sql));

  const transact = <T>(work: () => T): T => {
    // IMMEDIATE takes the write lock at once: a later upgrade would fail without waiting.
    exec("BEGIN IMMEDIATE");
    inTransaction = true;
    try {
      const result = work();
      exec("COMMIT");
      return result;
    } catch (error) {
      rollBack(driver);
      throw error;
    } finally {
      inTransaction = false;
    }
  };

  return {
    driver: driver.name,
    path,
    get inTransaction() {
      return inTransaction;
    },
    prepare,
    exec,
    pragma: (source) => guard(() => driver.prepare(`PRAGMA ${source}`).all()),
    transaction:
      (work) =>
      (...args) =>
        inTransaction ? work(...args) : transact(() => work(...args)),
    close: () => {
      if (!open) return;
      open = false;
      outer(() => driver.close());
    },
  };
}

/** SQLite may have rolled back by itself (disk full); the first error is the one that counts. */
function rollBack(driver: SqliteDriver): void {
  try {
    driver.exec("ROLLBACK");
  } catch {
    // There is no transaction any more.
  }
}

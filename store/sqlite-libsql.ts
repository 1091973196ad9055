/** The driver over libsql (installed as better-sqlite3): prebuilt, so that Node 20 needs no compiler. */
import Libsql from "better-sqlite3";
import type { SqliteDriver, SqliteRow } from "./sqlite-connection.ts";

const WRITES = /^\s*(?:INSERT|UPDATE|DELETE)\b/i;

/** The timeout is needed here already: without it the first statement fails with SQLITE_BUSY under contention. */
export function openLibsql(path: string, timeoutMs: number): SqliteDriver {
  const db = new Libsql(path, { timeout: timeoutMs });
  return {
    name: "libsql",
    prepare: (sql) => {
      // Values go in as one array: a single null or buffer would be taken for named parameters.
      const statement = db.prepare<[unknown[]]>(sql);
      return {
        run: (...values) => ({ changes: statement.run(values).changes }),
        get: (...values) => statement.get(values) as SqliteRow | undefined,
        all: (...values) => {
          const all = () => statement.all(values) as SqliteRow[];
          return WRITES.test(sql) && !db.inTransaction ? inTransaction(db, all) : all();
        },
      };
    },
    exec: (sql) => {
      db.exec(sql);
    },
    close: () => {
      db.close();
    },
  };
}

/**
 * libsql does not reset a statement with rows that met a lock, and no transaction of the connection can be committed
 * from then on. Waiting for the lock before the statement begins keeps it out of that state.
 */
function inTransaction<T>(db: Libsql.Database, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.inTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** The driver over libsql (installed as better-sqlite3): prebuilt, so that Node 20 needs no compiler. */
import Libsql from "better-sqlite3";
import type { SqliteDriver, SqliteRow } from "./sqlite-connection.ts";

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
        all: (...values) => statement.all(values) as SqliteRow[],
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

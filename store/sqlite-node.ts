/** The driver over `node:sqlite`, built into Node from 22.13 on. */
import type { SqliteDriver, SqliteRow } from "./sqlite-connection.ts";

type Value = string | number | bigint | null | Uint8Array;

interface NodeStatement {
  run(...values: Value[]): { changes: number | bigint };
  get(...values: Value[]): SqliteRow | undefined;
  all(...values: Value[]): SqliteRow[];
}

interface NodeSqlite {
  DatabaseSync: new (path: string) => {
    prepare(sql: string): NodeStatement;
    exec(sql: string): void;
    close(): void;
  };
}

/** Null where Node has no SQLite of its own, or has it behind a flag. The types of Node 20 do not know it. */
export function openNodeSqlite(path: string): SqliteDriver | null {
  const sqlite = process.getBuiltinModule("node:sqlite") as NodeSqlite | undefined;
  if (sqlite === undefined) return null;
  const db = new sqlite.DatabaseSync(path);
  return {
    name: "node:sqlite",
    prepare: (sql) => {
      const statement = db.prepare(sql);
      return {
        run: (...values) => ({ changes: Number(statement.run(...bindable(values)).changes) }),
        get: (...values) => statement.get(...bindable(values)),
        all: (...values) => statement.all(...bindable(values)),
      };
    },
    exec: (sql) => db.exec(sql),
    close: () => db.close(),
  };
}

/** Unlike better-sqlite3, node:sqlite refuses `undefined`. */
function bindable(values: unknown[]): Value[] {
  return values.map((value) => (value === undefined ? null : (value as Value)));
}

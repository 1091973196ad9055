/** Our SQL port over one SQLite connection. */
import { statSync } from "node:fs";
import type { Database, Result, Row, SqlValue, Transaction } from "./database.ts";
import type { SqliteConnection } from "./sqlite-connection.ts";

export function sqliteDatabase(connection: SqliteConnection, clock: () => number): Database {
  const run = (sql: string, values: readonly SqlValue[]): Result => execute(connection, sql, values);
  return {
    kind: "sqlite",
    query: async (sql, ...values) => run(sql, values),
    transaction: async (work) => connection.transaction(() => drive(work(), run))(),
    now: clock,
    sizes: async () => sizes(connection.path),
    ping: async () => void run("SELECT 1", []),
    compact: async () => {
      connection.pragma("incremental_vacuum");
      connection.pragma("wal_checkpoint(TRUNCATE)");
    },
    close: async () => connection.close(),
  };
}

/** Runs a transaction's generator to its end without ever yielding to the event loop. */
function drive<T>(work: Transaction<T>, run: (sql: string, values: readonly SqlValue[]) => Result): T {
  let step = work.next();
  while (step.done !== true) step = work.next(run(step.value.sql, step.value.values));
  return step.value;
}

function execute(connection: SqliteConnection, sql: string, values: readonly SqlValue[]): Result {
  const statement = connection.prepare(sql.replaceAll("@", ""));
  if (!/^\s*(SELECT|WITH)\b|\bRETURNING\b/i.test(sql))
    return { rows: [], changes: statement.run(...values).changes };
  const rows = statement.all(...values) as Row[];
  return { rows, changes: rows.length };
}

function sizes(path: string): Record<string, number> {
  if (path === ":memory:") return {};
  const bytes = (file: string) => statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return { database: bytes(path), wal: bytes(`${path}-wal`) };
}

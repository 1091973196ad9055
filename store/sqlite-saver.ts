/** LangGraph's official SqliteSaver on our connection: it writes only while the run still holds its thread. */
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { type HeldLocks, lockLost } from "./held-lock.ts";
import type { SqliteConnection, SqliteStatement } from "./sqlite-connection.ts";

type SaverDatabase = ConstructorParameters<typeof SqliteSaver>[0];

/** `held` is checked in the same transaction as the write, so that a paused process cannot write after its wake-up. */
export function sqliteSaver(connection: SqliteConnection, held: HeldLocks): SqliteSaver {
  const fence = connection.prepare("SELECT fence FROM thread_locks WHERE thread_id = ?");
  const assertHeld = () => {
    const lock = held.getStore();
    if (lock !== undefined && fence.get(lock.thread_id)?.["fence"] !== lock.fence) throw lockLost(lock);
  };
  const fenced = (statement: SqliteStatement): SqliteStatement => ({
    ...statement,
    run: (...values) =>
      connection.transaction(() => {
        assertHeld();
        return statement.run(...values);
      })(),
  });
  const database = {
    prepare: (sql: string) => (/^\s*INSERT\b/.test(sql) ? fenced : same)(connection.prepare(sql)),
    exec: (sql: string) => connection.exec(sql),
    pragma: (source: string) => connection.pragma(source),
    transaction: <A extends unknown[], T>(work: (...args: A) => T) => connection.transaction(work),
  };
  return new SqliteSaver(database as SaverDatabase);
}

function same(statement: SqliteStatement): SqliteStatement {
  return statement;
}

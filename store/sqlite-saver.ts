/** LangGraph's official SqliteSaver on our connection: it writes only while the run still holds its thread. */
import { SqliteSaver } from "@langchain/langgraph-checkpoint-sqlite";
import { type HeldLocks, lockLost } from "./held-lock.ts";
import type { SqliteConnection, SqliteStatement } from "./sqlite-connection.ts";

type SaverDatabase = ConstructorParameters<typeof SqliteSaver>[0];

export class DurableSqliteSaver extends SqliteSaver {
  /** The connection's database must have been migrated. */
  constructor(connection: SqliteConnection, held: HeldLocks) {
    super(fenced(connection, held));
    // Otherwise the tables come with the first checkpoint, and deleting or pruning before that fails.
    this.setup();
  }
}

/** `held` is checked in the same transaction as the write, so that a paused process cannot write after its wake-up. */
function fenced(connection: SqliteConnection, held: HeldLocks): SaverDatabase {
  const fence = connection.prepare("SELECT fence FROM thread_locks WHERE thread_id = ?");
  const assertHeld = () => {
    const lock = held.getStore();
    if (lock !== undefined && fence.get(lock.thread_id)?.["fence"] !== lock.fence) throw lockLost(lock);
  };
  const prepare = (sql: string): SqliteStatement => {
    const statement = connection.prepare(sql);
    if (!/^\s*INSERT\b/.test(sql)) return statement;
    const run = connection.transaction((...values: unknown[]) => {
      assertHeld();
      return statement.run(...values);
    });
    return { ...statement, run };
  };
  const database = {
    prepare,
    exec: (sql: string) => connection.exec(sql),
    pragma: (source: string) => connection.pragma(source),
    transaction: <A extends unknown[], T>(work: (...args: A) => T) => connection.transaction(work),
  };
  return database as SaverDatabase;
}

/** The part of better-sqlite3's interface that we and LangGraph's SqliteSaver use, over either driver. */

export type SqliteRow = Record<string, unknown>;

export interface SqliteStatement {
  run(...values: unknown[]): { changes: number };
  get(...values: unknown[]): SqliteRow | undefined;
  all(...values: unknown[]): SqliteRow[];
}

/** Synchronous. Every failure is a `StoreError`. */
export interface SqliteConnection {
  readonly driver: "node:sqlite" | "libsql";
  readonly path: string;
  readonly inTransaction: boolean;
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  pragma(source: string): SqliteRow[];
  /** Wraps `work` in BEGIN IMMEDIATE and COMMIT; inside another transaction it joins that one. */
  transaction<A extends unknown[], T>(work: (...args: A) => T): (...args: A) => T;
  close(): void;
}

/** What a driver must bring; `sqlite.ts` builds the connection from it. */
export interface SqliteDriver {
  readonly name: SqliteConnection["driver"];
  prepare(sql: string): SqliteStatement;
  exec(sql: string): void;
  close(): void;
}

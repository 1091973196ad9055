/** The small SQL port that everything in this folder is written against; SQLite and PostgreSQL implement it. */

export type SqlValue = string | number | null;

/** One row. Columns are named by the statement. */
export type Row = Record<string, string | number | null>;

/**
 * One statement in the dialect that both databases share: `?` for values, `@name` for a table of ours
 * (PostgreSQL puts the schema in front), `ON CONFLICT` for upserts, `RETURNING` where rows come back.
 */
export interface Statement {
  sql: string;
  values: readonly SqlValue[];
}

export interface Result {
  rows: Row[];
  /** Rows inserted, updated or deleted; for a statement with `RETURNING` the number of rows that came back. */
  changes: number;
}

/**
 * A transaction as a generator of statements. SQLite runs it in one synchronous breath on its single connection,
 * so that nothing else can slip in between; PostgreSQL waits for each answer.
 */
export type Transaction<T> = Generator<Statement, T, Result>;

export interface Database {
  readonly kind: "sqlite" | "postgres";
  /** Every statement must bear being repeated: a connection may be lost after the commit and before the answer. */
  query(sql: string, ...values: SqlValue[]): Promise<Result>;
  /** All or nothing. `work` may run again after a conflict or a lost connection: it keeps no state and bears it. */
  transaction<T>(work: () => Transaction<T>): Promise<T>;
  /** Epoch milliseconds, the same for all processes that share the database. */
  now(): number;
  /** Bytes on disk, one entry per table or file. */
  sizes(): Promise<Record<string, number>>;
  /** One answer or one failure, without patience: for readiness. */
  ping(): Promise<void>;
  /**
   * Gives freed pages back to the file system, where the database does not do so by itself. With SQLite the files
   * then hold nothing of what was deleted, unless another process is reading in this moment.
   */
  compact(): Promise<void>;
  close(): Promise<void>;
}

/** One statement inside a transaction: `const { rows } = yield* execute("SELECT …", id)`. */
export function* execute(sql: string, ...values: SqlValue[]): Transaction<Result> {
  return yield { sql, values };
}

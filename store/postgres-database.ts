/** Our SQL port over a PostgreSQL pool. */
import type pg from "pg";
import type { Database, Result, Row, SqlValue, Transaction } from "./database.ts";
import { patiently } from "./patience.ts";
import { postgresError } from "./postgres-error.ts";
import { StoreError } from "./store-error.ts";

export interface PostgresOptions {
  pool: pg.Pool;
  schema: string;
  /** `host:port/database` for messages. */
  where: string;
  now: () => number;
  patienceMs: number;
}

export function postgresDatabase({ pool, schema, where, now, patienceMs }: PostgresOptions): Database {
  const texts = new Map<string, string>();
  const translate = (sql: string): string => {
    const text = texts.get(sql) ?? toPostgres(sql, schema);
    texts.set(sql, text);
    return text;
  };
  const once = async <T>(work: () => Promise<T>): Promise<T> => {
    if (pool.ending) throw new StoreError("closed", `The connection to PostgreSQL at ${where} was closed.`);
    try {
      return await work();
    } catch (error) {
      throw postgresError(error, where);
    }
  };
  const retrying = <T>(work: () => Promise<T>): Promise<T> => patiently(() => once(work), patienceMs);

  const transact = async <T>(work: () => Transaction<T>): Promise<T> => {
    const client = await once(() => pool.connect());
    const send = (sql: string, values: readonly SqlValue[] = []) =>
      once(async () => toResult(await client.query(translate(sql), values.map(storable))));
    let broken = true;
    try {
      // Not waited for: when it fails, so does what is sent behind it.
      const begun = send("BEGIN");
      begun.catch(() => undefined);
      const result = await drive(work(), send);
      await begun;
      await send("COMMIT");
      broken = false;
      return result;
    } finally {
      // A connection whose transaction did not end well is closed: the server rolls back.
      client.release(broken);
    }
  };

  return {
    kind: "postgres",
    query: (sql, ...values) =>
      retrying(async () => toResult(await pool.query(translate(sql), values.map(storable)))),
    transaction: (work) => patiently(() => transact(work), patienceMs),
    now,
    sizes: () => retrying(() => sizes(pool, schema)),
    ping: async () => void (await once(() => pool.query("SELECT 1"))),
    // Its own autovacuum does that.
    compact: async () => undefined,
    close: async () => {
      if (!pool.ending) await pool.end();
    },
  };
}

async function drive<T>(
  work: Transaction<T>,
  send: (sql: string, values: readonly SqlValue[]) => Promise<Result>,
): Promise<T> {
  let step = work.next();
  while (step.done !== true) step = work.next(await send(step.value.sql, step.value.values));
  return step.value;
}

/** `?` becomes `$1`, `$2`, …; `@turns` becomes `"schema".turns`. No statement of ours has either inside a literal. */
export function toPostgres(sql: string, schema: string): string {
  let position = 0;
  return sql.replace(/\?|@(\w+)/g, (_match, table: string | undefined) =>
    table === undefined ? `$${(position += 1)}` : `"${schema}".${table}`,
  );
}

/** PostgreSQL's text cannot hold NUL. JSON escapes it; a bare one only comes in an id that no row has. */
function storable(value: SqlValue): SqlValue {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}

function toResult(result: pg.QueryResult<Row>): Result {
  return { rows: result.rows, changes: result.rowCount ?? 0 };
}

async function sizes(pool: pg.Pool, schema: string): Promise<Record<string, number>> {
  const { rows } = await pool.query<{ name: string; bytes: number }>(
    `SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r'`,
    [schema],
  );
  return Object.fromEntries(rows.map(({ name, bytes }) => [name, bytes]));
}

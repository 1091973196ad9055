/** Looks into a database from outside, past our own code. */
import { Client } from "pg";
import type { PersistenceConfig } from "../../config/schema.ts";
import { openSqlite } from "../../store/sqlite.ts";

/** Tables that describe the database itself. */
const OWN = ["schema_migrations", "checkpoint_migrations", "facts", "sessions"];

/** Names of the tables that hold any row of a user's. */
export async function tablesWithRows(config: PersistenceConfig): Promise<string[]> {
  const counts = config.kind === "postgres" ? await inPostgres(config) : inSqlite(config.path);
  return Object.keys(counts).filter((table) => !OWN.includes(table) && counts[table] !== 0);
}

function inSqlite(path: string): Record<string, number> {
  const db = openSqlite(path);
  const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
  const count = (table: string) => Number(db.prepare(`SELECT COUNT(*) AS n FROM ${table}`).get()?.["n"]);
  const counts = tables.map(({ name }) => [String(name), count(String(name))] as const);
  db.close();
  return Object.fromEntries(counts);
}

async function inPostgres({ url, schema }: PersistenceConfig): Promise<Record<string, number>> {
  const client = new Client({ connectionString: url });
  await client.connect();
  const tables = await client.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = $1",
    [schema],
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const { rows } = await client.query<{ n: string }>(`SELECT COUNT(*) AS n FROM "${schema}".${name}`);
    counts[name] = Number(rows[0]?.n);
  }
  await client.end();
  return counts;
}

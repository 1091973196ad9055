/** Brings our tables to the newest version, forwards only, in one transaction. */
import { type Database, execute, type Transaction } from "./database.ts";
import type { Migration } from "./migrations/migration.ts";
import { StoreError } from "./store-error.ts";

/**
 * Applies what is missing of `migrations`. Safe to call from several processes at once.
 * Throws `newer_schema` when the database was migrated by a newer version of this program.
 */
export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  await database.transaction(() => bringUp(database, migrations));
}

function* bringUp(database: Database, migrations: readonly Migration[]): Transaction<void> {
  yield* execute(
    `CREATE TABLE IF NOT EXISTS @schema_migrations (
      version BIGINT PRIMARY KEY,
      name TEXT NOT NULL,
      applied_at BIGINT NOT NULL
    )`,
  );
  const { rows } = yield* execute(`SELECT MAX(version) AS version FROM @schema_migrations`);
  const present = Number(rows[0]?.["version"] ?? 0);
  const newest = migrations.at(-1)?.version ?? 0;
  if (present > newest) throw newerSchema(present, newest);
  for (const { version, name, statements } of migrations.slice(present)) {
    for (const statement of statements) yield* execute(statement);
    yield* execute(
      `INSERT INTO @schema_migrations (version, name, applied_at) VALUES (?, ?, ?)`,
      version,
      name,
      database.now(),
    );
  }
}

function newerSchema(present: number, newest: number): StoreError {
  return new StoreError(
    "newer_schema",
    `The database has schema version ${present}, this program knows up to ${newest}. ` +
      `Start the newer version that migrated it, or give this one another database (persistence.path, url or schema).`,
  );
}

import { describe, expect, it } from "vitest";
import { createStore } from "../../store/create-store.ts";
import type { Database } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { MIGRATIONS } from "../../store/migrations/all.ts";
import type { Migration } from "../../store/migrations/migration.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { sqliteDatabase } from "../../store/sqlite-database.ts";
import { KINDS, useDatabase } from "./databases.ts";
import { aTurn } from "./records.ts";

const notes: Migration = {
  version: 1,
  name: "notes",
  statements: ["CREATE TABLE @notes (text TEXT NOT NULL)"],
};
const stars: Migration = {
  version: 2,
  name: "stars",
  statements: ["ALTER TABLE @notes ADD COLUMN stars BIGINT NOT NULL DEFAULT 1"],
};

describe("migrations", () => {
  it("count up without gaps", () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  it("bring an older schema to the newest one and keep its rows", async () => {
    const database = inMemory();
    await migrate(database, [notes]);
    await database.query("INSERT INTO @notes VALUES ('kept')");
    await migrate(database, [notes, stars]);
    await migrate(database, [notes, stars]);
    expect((await database.query("SELECT text, stars FROM @notes")).rows).toMatchObject([
      { text: "kept", stars: 1 },
    ]);
    const { rows } = await database.query("SELECT version, name FROM @schema_migrations ORDER BY version");
    expect(rows).toMatchObject([
      { version: 1, name: "notes" },
      { version: 2, name: "stars" },
    ]);
  });

  it("leave nothing behind when one of them fails", async () => {
    const database = inMemory();
    const broken = {
      version: 2,
      name: "broken",
      statements: ["CREATE TABLE @more (n BIGINT)", "CREATE NONSENSE"],
    };
    await expect(migrate(database, [notes, broken])).rejects.toThrow(/NONSENSE/);
    await expect(database.query("SELECT * FROM @notes")).rejects.toThrow(/no such table/);
    await migrate(database, [notes, stars]);
  });
});

describe.each(KINDS)("%s: the schema", (kind) => {
  const database = useDatabase(kind);

  it("is made once by many processes that start at the same time", async () => {
    const stores = await Promise.all([1, 2, 3, 4].map(() => database.open()));
    await Promise.all(stores.map((store, n) => store.turns.append(aTurn({ response_id: `resp_${n}` }))));
    expect(await stores[0]!.turns.list("user:ada", "thread-1", 9)).toHaveLength(4);
  });

  it("of a newer program is refused with the fix", async () => {
    const store = await database.open();
    await store.close();
    await makeNewer();
    const opening = createStore(database.config(), { env: {} });
    await expect(opening).rejects.toMatchObject({
      code: "newer_schema",
      message: expect.stringContaining(`version 999, this program knows up to ${MIGRATIONS.length}`),
    });
  });

  async function makeNewer(): Promise<void> {
    const config = database.config();
    const insert = "INSERT INTO schema_migrations VALUES (999, 'from the future', 0)";
    if (kind === "sqlite") {
      const db = openSqlite(config.path);
      db.exec(insert);
      db.close();
      return;
    }
    const { Client } = await import("pg");
    const client = new Client({ connectionString: config.url });
    await client.connect();
    await client.query(insert.replace("schema_migrations", `"${config.schema}".schema_migrations`));
    await client.end();
  }
});

function inMemory(): Database {
  return sqliteDatabase(openSqlite(":memory:"), Date.now);
}

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { execute } from "../../store/database.ts";
import { migrate } from "../../store/migrate.ts";
import { MIGRATIONS } from "../../store/migrations/all.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { sqliteDatabase } from "../../store/sqlite-database.ts";

const folder = mkdtempSync(join(tmpdir(), "orchestrator-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const hasNodeSqlite = process.getBuiltinModule("node:sqlite") !== undefined;
if (!hasNodeSqlite) console.warn(`Skipped: node:sqlite is not part of Node ${process.versions.node}.`);
const DRIVERS = hasNodeSqlite ? (["libsql", "node:sqlite"] as const) : (["libsql"] as const);

describe.each(DRIVERS)("SQLite over %s", (driver) => {
  let count = 0;
  const newPath = () => join(folder, driver.replace(":", "-"), "nested", `${(count += 1)}.db`);

  it("is opened with write-ahead log, patience and pages that can be given back", () => {
    const db = openSqlite(newPath(), { driver });
    expect(db.driver).toBe(driver);
    expect(Object.values(db.pragma("journal_mode")[0]!)).toContain("wal");
    expect(Object.values(db.pragma("busy_timeout")[0]!)).toContain(5_000);
    expect(Object.values(db.pragma("synchronous")[0]!)).toContain(1);
    expect(Object.values(db.pragma("auto_vacuum")[0]!)).toContain(2);
    db.close();
  });

  it("binds and returns every type of value", () => {
    const db = openSqlite(":memory:", { driver });
    db.exec("CREATE TABLE t (i BIGINT, d DOUBLE PRECISION, s TEXT, b BLOB, n TEXT)");
    const insert = db.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    expect(insert.run(1_800_000_000_123, 0.5, "é😀", new Uint8Array([1, 2]), undefined).changes).toBe(1);
    const row = db.prepare("SELECT i, d, s, b, n FROM t").get()!;
    expect(row).toMatchObject({ i: 1_800_000_000_123, d: 0.5, s: "é😀", n: null });
    expect([...(row["b"] as Uint8Array)]).toEqual([1, 2]);
    expect(db.prepare("SELECT i FROM t WHERE s = ?").get("other")).toBeUndefined();
    expect(db.prepare("SELECT i FROM t WHERE n IS ?").get(null)).toMatchObject({ i: 1_800_000_000_123 });
    db.close();
  });

  it("takes all of a transaction or nothing, and joins an outer one", () => {
    const db = openSqlite(":memory:", { driver });
    db.exec("CREATE TABLE t (n BIGINT PRIMARY KEY)");
    const insert = (n: number) => db.prepare("INSERT INTO t VALUES (?)").run(n);
    const both = db.transaction((a: number, b: number) => {
      insert(a);
      db.transaction(insert)(b);
    });
    expect(() => both(1, 1)).toThrow(/UNIQUE/);
    both(2, 3);
    expect(
      db
        .prepare("SELECT n FROM t ORDER BY n")
        .all()
        .map((row) => row["n"]),
    ).toEqual([2, 3]);
    expect(db.inTransaction).toBe(false);
    db.close();
  });

  it("says that another process holds the lock, and goes on once it is free", async () => {
    const path = newPath();
    const [one, other] = [openSqlite(path, { driver }), openSqlite(path, { driver, busyTimeoutMs: 30 })];
    one.exec("CREATE TABLE t (n BIGINT)");
    one.exec("BEGIN IMMEDIATE");
    const database = sqliteDatabase(other, Date.now);
    const insert = () =>
      database.transaction(function* () {
        yield* execute("INSERT INTO @t VALUES (?)", 1);
      });
    await expect(insert()).rejects.toMatchObject({
      code: "locked",
      temporary: true,
      message: expect.stringContaining("Stop that process, or use PostgreSQL"),
    });
    one.exec("COMMIT");
    await insert();
    for (const db of [one, other]) db.close();
  });

  it("says that the disk is full, loses nothing, and goes on once there is space", async () => {
    const db = openSqlite(newPath(), { driver });
    const database = sqliteDatabase(db, Date.now);
    await migrate(database, MIGRATIONS);
    const put = (hash: string) =>
      database.query("INSERT INTO @evidence VALUES ('o', 't', ?, ?, 0)", hash, "x".repeat(100_000));
    await put("1");
    db.pragma(`max_page_count=${Object.values(db.pragma("page_count")[0]!)[0] as number}`);
    await expect(put("2")).rejects.toMatchObject({
      code: "disk_full",
      message: expect.stringContaining("Free some"),
    });
    db.pragma("max_page_count=1000000");
    await put("3");
    const { rows } = await database.query("SELECT hash FROM @evidence ORDER BY hash");
    expect(rows.map((row) => row["hash"])).toEqual(["1", "3"]);
    await database.close();
  });

  it("says that a file is no database, or a damaged one", () => {
    const text = newPath();
    openSqlite(text, { driver }).close();
    writeFileSync(text, "this is a text file, not a database ".repeat(200));
    expect(() => openSqlite(text, { driver })).toThrow(
      expect.objectContaining({
        code: "corrupted",
        message: expect.stringContaining("Point persistence.path"),
      }),
    );
    const damaged = newPath();
    const db = openSqlite(damaged, { driver });
    db.exec("CREATE TABLE t (n TEXT)");
    for (let n = 0; n < 50; n += 1) db.prepare("INSERT INTO t VALUES (?)").run("x".repeat(1_000));
    db.pragma("wal_checkpoint(TRUNCATE)");
    db.close();
    const bytes = readFileSync(damaged);
    bytes.fill(0xff, 4_096 * 2);
    writeFileSync(damaged, bytes);
    const again = openSqlite(damaged, { driver });
    expect(() => again.prepare("SELECT COUNT(*) FROM t WHERE n LIKE 'y%'").get()).toThrow(
      expect.objectContaining({
        code: "corrupted",
        message: expect.stringContaining("Restore it from a backup"),
      }),
    );
    again.close();
  });

  it("says that the file cannot be opened", () => {
    const db = openSqlite(newPath(), { driver });
    expect(() => openSqlite(folder, { driver })).toThrow(expect.objectContaining({ code: "cannot_open" }));
    db.close();
    expect(() => db.exec("SELECT 1")).toThrow(expect.objectContaining({ code: "closed" }));
  });
});

describe("the store in memory", () => {
  it("keeps everything until it is closed, and nothing longer", async () => {
    const config = PersistenceConfig.parse({ kind: "memory" });
    const store = await createStore(config, { env: {} });
    const hash = await store.evidence("user:ada", "thread-1").put("document");
    expect(await store.evidence("user:ada", "thread-1").get(hash)).toBe("document");
    await store.close();
    await store.close();
    await expect(store.evidence("user:ada", "thread-1").get(hash)).rejects.toMatchObject({ code: "closed" });
    const again = await createStore(config, { env: {} });
    expect(await again.evidence("user:ada", "thread-1").get(hash)).toBeNull();
    await again.close();
  });
});

import { mkdtempSync, openSync, rmSync, writeSync, closeSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { start, type Running } from "../../server/start.ts";
import { MIGRATIONS } from "../../store/migrations/all.ts";
import { migrate } from "../../store/migrate.ts";
import { openSqlite } from "../../store/sqlite.ts";
import { sqliteDatabase } from "../../store/sqlite-database.ts";
import { startStack, textOf, type ResponseBody, type Stack } from "./stack.ts";

const folder = mkdtempSync(join(tmpdir(), "orchestrator-files-"));
/** Its sandbox is the one that all servers ask. */
let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

function startOn(file: string): Promise<Running> {
  const env = { SANDBOX_URL: stack.sandbox.url, ORCHESTRATOR_DB: join(folder, file) };
  return start({ env, cwd: process.cwd(), logger: pino({ level: "silent" }), port: 0 });
}

async function ask(url: string, input: string): Promise<ResponseBody> {
  const reply = await fetch(`${url}/responses`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ input, custom_inputs: { thread_id: "t" } }),
  });
  return (await reply.json()) as ResponseBody;
}

/** A file that a server wrote one conversation into. */
async function conversationIn(file: string): Promise<ResponseBody> {
  const server = await startOn(file);
  const body = await ask(server.url, "What was the MRR of enterprise customers last month?");
  await server.close();
  return body;
}

describe("a database file", () => {
  it("of an older version is brought up to date at the start, and its conversations go on", async () => {
    const before = await conversationIn("new.db");
    await asOlder("new.db", "old.db", 7);
    const server = await startOn("old.db");
    expect(await (await fetch(`${server.url}/responses/${before.id}`)).json()).toMatchObject({
      id: before.id,
    });
    const answer = textOf(await ask(server.url, "And by region?"));
    for (const part of ["EMEA", "AMER", "APAC"]) expect(answer).toContain(part);
    const thread = (await (await fetch(`${server.url}/threads/t/history`)).json()) as { data: object[] };
    expect(thread.data.length).toBeGreaterThan(4);
    await server.close();
  });

  it("whose pages are damaged ends the start with what to do", async () => {
    await conversationIn("damaged.db");
    const path = join(folder, "damaged.db");
    const connection = openSqlite(path);
    connection.pragma("wal_checkpoint(TRUNCATE)");
    connection.close();
    const file = openSync(path, "r+");
    writeSync(file, Buffer.alloc(statSync(path).size - 4_096, 0xa5), 0, undefined, 4_096);
    closeSync(file);
    await expect(startOn("damaged.db")).rejects.toThrow("is corrupted. Restore it from a backup");
  });
});

/** The same rows in tables as version `version` of the schema had them. */
async function asOlder(from: string, to: string, version: number): Promise<void> {
  const connection = openSqlite(join(folder, to));
  await migrate(sqliteDatabase(connection, Date.now), MIGRATIONS.slice(0, version));
  connection.exec(`ATTACH '${join(folder, from)}' AS newer`);
  for (const { sql } of connection
    .prepare("SELECT sql FROM newer.sqlite_master WHERE name IN ('checkpoints', 'writes') AND type = 'table'")
    .all())
    connection.exec(String(sql));
  const tables = connection.prepare("SELECT name FROM main.sqlite_master WHERE type = 'table'").all();
  for (const { name } of tables) {
    if (name === "schema_migrations" || name === "sessions") continue;
    const columns = connection.prepare(`SELECT name FROM pragma_table_info('${String(name)}', 'main')`).all();
    const list = columns.map((column) => String(column["name"])).join(", ");
    connection.exec(`INSERT INTO main.${String(name)} (${list}) SELECT ${list} FROM newer.${String(name)}`);
  }
  connection.close();
}

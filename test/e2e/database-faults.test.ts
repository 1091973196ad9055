import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../store/sqlite.ts";
import { NO_POSTGRES } from "../store/databases.ts";
import { startPostgres } from "../store/postgres-server.ts";
import { checkStream } from "../server/stream-checker.ts";
import { backgroundClient } from "./background-client.ts";
import { startStack, textOf } from "./stack.ts";

const folder = mkdtempSync(join(tmpdir(), "orchestrator-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FIRST = {
  input: "What was the MRR of enterprise customers last month?",
  custom_inputs: { thread_id: "t" },
};
const FOLLOW_UP = { input: "And by region?", custom_inputs: { thread_id: "t" } };

describe("a server whose database fails", () => {
  it("answers 503 with Retry-After while another process keeps it locked, and goes on afterwards", async () => {
    const stack = await startStack();
    await stack.ask(FIRST);
    const other = openSqlite(join(stack.folder, "orchestrator.db"));
    other.exec("BEGIN IMMEDIATE");
    const reply = await fetch(`${stack.url}/responses`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(FOLLOW_UP),
    });
    expect([reply.status, reply.headers.get("retry-after")]).toEqual([503, "5"]);
    expect(await reply.json()).toMatchObject({ error: { code: "unavailable", type: "server_error" } });
    other.exec("ROLLBACK");
    other.close();
    const { body } = await stack.ask(FOLLOW_UP);
    for (const part of ["EMEA", "AMER", "APAC"]) expect(textOf(body)).toContain(part);
    await stack.close();
  }, 60_000);

  it("does not start on a corrupted file, a newer schema or a folder that is a file, and says what to do", async () => {
    const corrupted = join(folder, "corrupted.db");
    writeFileSync(corrupted, "This is no database, and long enough to be looked at.".repeat(100));
    const newer = join(folder, "newer.db");
    mkdirSync(join(folder, "x"));
    const file = join(folder, "x", "file");
    writeFileSync(file, "");
    await expect(startOn(corrupted)).rejects.toMatchObject({ code: "corrupted" });
    await expect(startOn(join(file, "orchestrator.db"))).rejects.toMatchObject({ code: "cannot_open" });
    const stack = await startStack({ ORCHESTRATOR_DB: newer });
    await stack.close();
    const connection = openSqlite(newer);
    connection.exec("INSERT INTO schema_migrations (version, name, applied_at) VALUES (9999, 'future', 0)");
    connection.close();
    await expect(startOn(newer)).rejects.toMatchObject({ code: "newer_schema" });
  }, 60_000);

  it.skipIf(NO_POSTGRES)(
    "waits for a PostgreSQL that is gone for 20 seconds, and loses nothing",
    async () => {
      const server = await startPostgres();
      const config = join(folder, "postgres.yaml");
      writeFileSync(config, "persistence: { kind: postgres }\n");
      const stack = await startStack({
        ORCHESTRATOR_CONFIG: `config/sandbox.yaml,${config}`,
        DATABASE_URL: server.url,
      });
      await stack.ask(FIRST);
      await stack.admin("faults", { endpoint: "ka", fault: { kind: "latency", ms: 1_000 } });
      const accepted = backgroundClient({ input: "What does the refund policy say?" });
      let told = accepted.follow(stack.url);
      while (accepted.id === null) await sleep(5);
      await server.crash();
      const waiting = stack.ask(FOLLOW_UP);
      await sleep(20_000);
      await server.restart();
      const { status, body } = await waiting;
      expect(status).toBe(200);
      for (const part of ["EMEA", "AMER", "APAC"]) expect(textOf(body)).toContain(part);
      while (!(await told)) told = accepted.follow(stack.url);
      expect(checkStream(accepted.received).response.status).toBe("completed");
      await stack.close();
      await server.stop();
    },
    60_000,
  );
});

async function startOn(path: string): Promise<void> {
  const stack = await startStack({ ORCHESTRATOR_DB: path });
  await stack.close();
}

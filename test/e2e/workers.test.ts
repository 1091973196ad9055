import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSqlite } from "../../store/sqlite.ts";
import { checkStream } from "../server/stream-checker.ts";
import { backgroundClient } from "./background-client.ts";
import { planOf } from "./given-plan.ts";
import { startServerProcess, type ServerProcess } from "./server-process.ts";
import { startStack, type Stack } from "./stack.ts";

const PLAN = planOf([
  { backend: "policy_assistant", question: "What does the playbook say?" },
  { backend: "retention_agent", question: "Make a plan.", depends_on: ["s1"] },
]);

/** Its sandbox is the one that the workers ask. */
let stack: Stack;
let folder: string;
let server: ServerProcess;
/** What the primary and its workers log. */
let logged = "";
beforeAll(async () => {
  stack = await startStack();
  for (const endpoint of ["ka", "app"])
    await stack.admin("faults", { endpoint, fault: { kind: "latency", ms: 700 } });
  folder = mkdtempSync(join(tmpdir(), "orchestrator-workers-"));
  const database = { ORCHESTRATOR_DB: join(folder, "shared.db") };
  const env = { SANDBOX_URL: stack.sandbox.url, LOG_LEVEL: "info", ...database };
  server = await startServerProcess(env, ["--workers", "2"]);
  server.child.stdout?.on("data", (text: string) => (logged += text));
});
afterAll(async () => {
  await server.kill();
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

function look(sql: string): Record<string, unknown>[] {
  const db = openSqlite(join(folder, "shared.db"));
  const rows = db.prepare(sql).all();
  db.close();
  return rows;
}

/** Process ids of the workers that live according to the database. */
function workers(): number[] {
  return look("SELECT pid FROM sessions ORDER BY pid").map((row) => Number(row["pid"]));
}

async function asked(endpoint: string): Promise<number> {
  return (await stack.calls()).filter((call) => call.endpoint === endpoint && call.method === "POST").length;
}

/** The sum of a metric over its labels, as four connections see it, which go to the workers in turn. */
async function numbers(metric: string): Promise<number[]> {
  const texts = await Promise.all(
    [1, 2, 3, 4].map(async () => (await fetch(`${server.url}/metrics`)).text()),
  );
  return texts.map((text) =>
    [...text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\S+)$`, "gm"))].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    ),
  );
}

async function begun(thread_id: string) {
  // A connection that the primary hands to a worker in the moment of its death is never answered (node:cluster).
  const patience = { silence_ms: 5_000 };
  const client = backgroundClient({ input: "What now?", custom_inputs: { thread_id, plan: PLAN } }, patience);
  const first = client.follow(server.url);
  while (client.id === null) await sleep(5);
  const run = client.id.replace("resp_", "");
  const [held] = look(`SELECT s.pid FROM runs r JOIN sessions s ON s.id = r.holder WHERE r.id = '${run}'`);
  return { client, first, run, pid: Number(held?.["pid"]) };
}

describe("two workers on one port and one SQLite file", () => {
  it("both tell a run that one of them works on", async () => {
    const { client, first, pid } = await begun("shared");
    expect(workers()).toContain(pid);
    // Connections go to the workers in turn, so that four of them reach both.
    const streams = await Promise.all(
      [1, 2, 3, 4].map(async () => (await fetch(`${server.url}/responses/${client.id}?stream=true`)).text()),
    );
    expect(await first).toBe(true);
    expect(checkStream(client.received).response.status).toBe("completed");
    for (const stream of streams) expect(stream).toBe(client.received);
  });

  it("each answer `/metrics` for both", async () => {
    const before = await numbers("orchestrator_runs_total");
    expect(new Set(before).size).toBe(1);
    const custom_inputs = { plan: planOf([{ backend: "policy_assistant", question: "Refunds?" }]) };
    const replies = await Promise.all(
      [1, 2, 3, 4].map(() =>
        fetch(`${server.url}/responses`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ input: "What now?", custom_inputs }),
        }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    await Promise.all(replies.map((reply) => reply.text()));
    expect(await numbers("orchestrator_runs_total")).toEqual(before.map((runs) => runs + 4));
    expect(await numbers("orchestrator_processes")).toEqual([2, 2, 2, 2]);
    expect(await numbers("orchestrator_run_duration_seconds_count")).toEqual(before.map((runs) => runs + 4));
  });

  it("take a run over from one that is killed, which is replaced", async () => {
    await stack.forgetCalls();
    const before = workers();
    const { client, first, run, pid } = await begun("killed");
    while ((await asked("app")) === 0) await sleep(20);
    process.kill(pid, "SIGKILL");
    if (!(await first)) while (!(await client.follow(server.url))) await sleep(50);
    expect(checkStream(client.received).response.status).toBe("completed");
    expect(look(`SELECT attempt, state FROM runs WHERE id = '${run}'`)).toMatchObject([
      { attempt: 2, state: "completed" },
    ]);
    // The first answer was committed before the kill, the second question was under way.
    expect([await asked("ka"), await asked("app")]).toEqual([1, 2]);
    while (!logged.includes("a new worker serves")) await sleep(50);
    expect(workers()).not.toContain(pid);
    expect(workers().filter((each) => !before.includes(each))).toHaveLength(1);
  }, 60_000);

  it("do not lose what one had counted that died", async () => {
    const runs = Number(look("SELECT COUNT(*) AS n FROM responses")[0]?.["n"]);
    // The run that was interrupted has ended once; the killed worker had counted others.
    expect(await numbers("orchestrator_runs_total")).toEqual([runs, runs, runs, runs]);
    expect(await numbers("orchestrator_processes")).toEqual([2, 2, 2, 2]);
  });

  it("end together at SIGTERM and give their runs back", async () => {
    const { run } = await begun("stopped");
    const pids = workers();
    const ended = once(server.child, "exit");
    server.child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(workers()).toEqual([]);
    expect(look(`SELECT state, holder FROM runs WHERE id = '${run}'`)).toMatchObject([
      { state: "queued", holder: null },
    ]);
  });
});

describe("workers that cannot serve", () => {
  it.concurrent.each([
    [["--workers", "0"], {}, "a whole number from 1 to 64"],
    [["--workers", "2"], { ORCHESTRATOR_DB: "/dev/null/x.db" }, "A worker ended before it served"],
  ])(
    "end the start with what is wrong: %j %j",
    async (flags, change, said) => {
      const env = { SANDBOX_URL: stack.sandbox.url, ORCHESTRATOR_DB: join(folder, "other.db"), ...change };
      await expect(startServerProcess(env, flags)).rejects.toThrow(said);
    },
    60_000,
  );
});

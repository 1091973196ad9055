import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Store } from "../../store/store.ts";
import { KINDS, never, type TestDatabase, useDatabase } from "./databases.ts";

const PROGRAM = fileURLToPath(new URL("writer-process.ts", import.meta.url));

describe.each(KINDS)("%s: several processes on one database", (kind) => {
  const database = useDatabase(kind);

  it("lose nothing that they acknowledged when they are killed in the middle", async () => {
    const killed = async (killAfter: number) => {
      const name = `killed-${killAfter}`;
      return { name, acknowledged: await lastLine(writer(database, name), killAfter) };
    };
    const children = await Promise.all([1, 25, 60].map(killed));
    await store(database, async (reopened) => {
      for (const { name, acknowledged } of children) {
        const turns = await reopened.turns.list("user:ada", name, 1_000);
        expect(turns.length).toBeGreaterThan(acknowledged);
        expect(turns.map((turn) => turn.response_id)).toEqual(turns.map((_, n) => `${name}-${n}`));
        expect(await reopened.events.last(name)).toBeGreaterThanOrEqual(acknowledged);
        const tuple = await reopened.checkpointer.getTuple({ configurable: { thread_id: name } });
        expect(Number(tuple?.checkpoint.id)).toBeGreaterThanOrEqual(acknowledged);
      }
    });
  });

  it("write nothing any more when they were paused and another took over", async () => {
    const child = writer(database, "paused", 10, 5);
    let said = "";
    child.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    for await (const line of createInterface({ input: child.stdout! })) if (line === "pausing") break;
    await store(database, async (other) => {
      await other.withThread("paused", { wait: true, signal: never }, async () => {
        const before = await other.turns.list("user:ada", "paused", 1_000);
        child.kill("SIGCONT");
        const [code] = (await once(child, "exit")) as [number];
        expect(code).toBe(3);
        expect(said).toContain("lease_lost");
        expect(before).toHaveLength(5);
        expect(await other.turns.list("user:ada", "paused", 1_000)).toEqual(before);
      });
    });
  });

  it("write at the same time without an error", async () => {
    const children = ["a", "b", "c"].map((name) => writer(database, name, 40));
    const codes = await Promise.all(children.map(async (child) => (await once(child, "exit"))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    await store(database, async (reopened) => {
      for (const name of ["a", "b", "c"]) {
        expect(await reopened.turns.list("user:ada", name, 1_000)).toHaveLength(40);
        expect(await reopened.events.last(name)).toBe(39);
      }
    });
  });
});

describe("sqlite: a process that died on this machine", () => {
  const database = useDatabase("sqlite");

  // With PostgreSQL another process waits for the lease: the dead one may have been on another machine.
  it("leaves its thread and its run to others at once", async () => {
    const child = writer(database, "dead");
    await lastLine(child, 3);
    await store(database, async (reopened) => {
      // Far below the ten seconds of a lease.
      const signal = AbortSignal.timeout(2_000);
      expect((await reopened.runs.claimable(9)).includes("dead")).toBe(true);
      expect(await reopened.withThread("dead", { wait: true, signal }, async () => 1)).toEqual({
        locked: true,
        value: 1,
      });
      expect((await reopened.runs.claim("dead"))?.run.attempt).toBe(2);
    });
  });
});

/** Kills the process once it has acknowledged round `killAfter`; the last round that it acknowledged. */
async function lastLine(child: ChildProcess, killAfter: number): Promise<number> {
  let last = -1;
  for await (const line of createInterface({ input: child.stdout! })) {
    last = Number(line);
    if (last === killAfter) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit", { signal: never });
  return last;
}

function writer(database: TestDatabase, name: string, rounds = 1_000_000, pauseIn = -1): ChildProcess {
  const config = JSON.stringify(database.config());
  const args = ["--import", "tsx", PROGRAM, config, name, String(rounds), String(pauseIn)];
  return spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
}

async function store(database: TestDatabase, look: (store: Store) => Promise<void>): Promise<void> {
  const opened = await database.open();
  await look(opened);
  await opened.close();
}

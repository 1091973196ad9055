import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Finding } from "../../nodes/state.ts";
import type { Store } from "../../store/store.ts";
import { KINDS, useDatabase } from "../store/databases.ts";
import { type CrashPoint, threadOf, walk } from "./crash-points.ts";
import { crashRun, DEPENDS_ON } from "./crash-run.ts";

const PROGRAM = fileURLToPath(new URL("crash-process.ts", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "orchestrator-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.concurrent.each(KINDS)("%s: a conversation that is killed", (kind) => {
  const database = useDatabase(kind);

  it("comes to the same answer from every point, and asks nobody twice for what was committed", async () => {
    const before = await database.open();
    const { points, answered } = await walk(before);
    await before.close();
    expect(points.length).toBeGreaterThan(60);
    const questions = await killedAt(points);

    const store = await database.open();
    const check = async (target: CrashPoint) => {
      const thread = threadOf(target);
      const committed = await committedSteps(store, thread);
      const before = questions.filter((line) => line.thread === thread).map((line) => line.step);
      const again: string[] = [];
      const ended = await resumed(store, target, again);
      return {
        thread,
        // What a step builds on must be safe before the step is asked.
        unsafe: before.flatMap((step) => DEPENDS_ON[step] ?? []).filter((step) => !committed.includes(step)),
        twice: again.filter((step) => committed.includes(step)),
        result: [ended.status, ended.answer, told(ended.findings)],
        exchanges: await exchanges(store, thread),
      };
    };
    const table: Awaited<ReturnType<typeof check>>[] = [];
    for (let i = 0; i < points.length; i += 16) {
      table.push(...(await Promise.all(points.slice(i, i + 16).map(check))));
    }
    const result = ["completed", answered.answer, told(answered.findings)];
    expect(table).toEqual(
      points.map((point) => ({ thread: threadOf(point), unsafe: [], twice: [], result, exchanges: 1 })),
    );
  }, 120_000);

  async function killedAt(points: CrashPoint[]): Promise<{ thread: string; step: string }[]> {
    const log = join(folder, `${kind}.log`);
    const args = ["--import", "tsx", PROGRAM, JSON.stringify(database.config()), JSON.stringify(points), log];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "inherit", "inherit"] });
    expect(await once(child, "exit")).toEqual([null, "SIGKILL"]);
    const lines = readFileSync(log, "utf8").trim().split("\n");
    return lines.map((line) => ({ thread: line.slice(0, -3), step: line.slice(-2) }));
  }
});

/** Goes on where the dead process had stopped, as its successor would: the first turn, then the approval. */
async function resumed(store: Store, { turn, point }: CrashPoint, again: string[]) {
  const run = crashRun(
    store,
    threadOf({ turn, point }),
    async () => {},
    (step) => void again.push(step),
  );
  if (turn === "first") await run.first(true);
  return run.second(await run.waitsFor(), turn === "second");
}

/** Steps whose finding is in the newest checkpoint or among the writes kept beside it. */
async function committedSteps(store: Store, thread: string): Promise<string[]> {
  const tuple = await store.checkpointer.getTuple({ configurable: { thread_id: thread } });
  const kept = (tuple?.checkpoint.channel_values["findings"] ?? []) as Finding[];
  const beside = (tuple?.pendingWrites ?? []).flatMap(([, channel, value]) =>
    channel === "findings" ? (value as Finding[]) : [],
  );
  return [...kept, ...beside].map((finding) => finding.step);
}

/** Clocks and hashes of times aside. */
function told(findings: Finding[]) {
  return findings.map(({ step, status, question, text, evidence }) => ({
    step,
    status,
    question,
    text,
    evidence,
  }));
}

async function exchanges(store: Store, thread: string): Promise<number> {
  const tuple = await store.checkpointer.getTuple({ configurable: { thread_id: thread } });
  const history = tuple?.checkpoint.channel_values["history"] as unknown[];
  return history.length / 2;
}

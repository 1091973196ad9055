/**
 * A process that brings one conversation to each point of the way, holds it there, and then kills itself without a
 * chance to clean up. Every question to a backend is written down before it is put.
 */
import { appendFileSync } from "node:fs";
import { PersistenceConfig } from "../../config/schema.ts";
import { createStore } from "../../store/create-store.ts";
import { crashRun } from "./crash-run.ts";
import { type CrashPoint, threadOf } from "./crash-points.ts";

const [config = "{}", points = "[]", log = ""] = process.argv.slice(2);
const store = await createStore(PersistenceConfig.parse(JSON.parse(config)), { env: {} });
const held = (JSON.parse(points) as CrashPoint[]).map(hold);
await Promise.all(held);
process.kill(process.pid, "SIGKILL");

/** Resolves when the conversation has come to its point, and stays there. */
function hold(target: CrashPoint): Promise<void> {
  const thread = threadOf(target);
  return new Promise((arrived, missed) => {
    let turn: "first" | "second" = "first";
    const run = crashRun(
      store,
      thread,
      async (point) => {
        if (turn !== target.turn || point !== target.point) return;
        arrived();
        await new Promise<never>(() => {});
      },
      (step) => appendFileSync(log, `${thread} ${step}\n`),
    );
    const through = async () => {
      const { approvals } = await run.first(false);
      turn = "second";
      run.startAgain();
      await run.second(approvals[0]?.id ?? "", false);
      throw new Error(`${thread} never came to its point.`);
    };
    through().catch(missed);
  });
}

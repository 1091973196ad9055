/** Puts the same questions to each arm over the same running system. */
import { askCase } from "../ask.ts";
import type { Case } from "../case.ts";
import type { System } from "../programs/system.ts";
import { truthsOf } from "../truth.ts";
import type { Arm } from "./arm.ts";
import { measureCase } from "./measure-case.ts";
import type { Measured } from "./verdict.ts";

export interface ArmOptions {
  system: Pick<System, "serverUrl" | "sandboxUrl">;
  backends: readonly string[];
  concurrency: number;
  timeout_ms: number;
  onCase: (id: string) => void;
}

/** Conversations are left out: a plan given for their last turn would know nothing of the earlier ones. */
export async function runArm(arm: Arm, cases: readonly Case[], options: ArmOptions): Promise<Measured[]> {
  const waiting = cases.filter(({ input }) => input !== undefined);
  const measured = new Map<string, Measured>();
  const order = waiting.map(({ id }) => id);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      measured.set(next.id, await one(arm, next, options));
      options.onCase(next.id);
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, work));
  return order.flatMap((id) => measured.get(id) ?? []);
}

async function one(arm: Arm, question: Case, options: ArmOptions): Promise<Measured> {
  const { system, backends, timeout_ms } = options;
  const plan = arm.plan(question, backends);
  const outcome = await askCase(question, { url: system.serverUrl, timeout_ms, plan });
  const truths = system.sandboxUrl === null ? [] : await truthsOf(question, system.sandboxUrl);
  return measureCase(question, outcome, truths);
}

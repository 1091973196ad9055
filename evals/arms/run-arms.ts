/** Puts the same questions to one arm. */
import type { Case } from "../case.ts";
import { truthsOf } from "../truth.ts";
import type { Arm, Ground } from "./arm.ts";
import { measureCase } from "./measure-case.ts";
import type { Measured } from "./verdict.ts";

export interface ArmOptions {
  ground: Ground;
  /** Computes the expected values; null where nothing can. */
  truthUrl: string | null;
  concurrency: number;
  onCase: (id: string) => void;
}

/** Conversations are left out: a plan given for their last turn would know nothing of the earlier ones. */
export async function runArm(arm: Arm, cases: readonly Case[], options: ArmOptions): Promise<Measured[]> {
  const waiting = cases.filter(({ input }) => input !== undefined);
  const order = waiting.map(({ id }) => id);
  const measured = new Map<string, Measured>();
  const running = await arm.start(options.ground);
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const outcome = await running.ask(next);
      const truths = options.truthUrl === null ? [] : await truthsOf(next, options.truthUrl);
      measured.set(next.id, measureCase(next, outcome, truths));
      options.onCase(`${arm.name} ${next.id}`);
    }
  };
  try {
    await Promise.all(Array.from({ length: options.concurrency }, work));
  } finally {
    await running.close();
  }
  return order.flatMap((id) => measured.get(id) ?? []);
}

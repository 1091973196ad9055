/** Points at which a conversation is killed, found by walking the way once. */
import type { Store } from "../../store/store.ts";
import { crashRun } from "./crash-run.ts";

export interface CrashPoint {
  /** The first turn ends in the request for an approval, the second in the answer. */
  turn: "first" | "second";
  point: string;
}

export function threadOf({ turn, point }: CrashPoint): string {
  return `${turn}: ${point}`;
}

/** Every point of both turns, and what the conversation comes to when nobody disturbs it. */
export async function walk(store: Store) {
  const points: CrashPoint[] = [];
  let turn: CrashPoint["turn"] = "first";
  const run = crashRun(
    store,
    "undisturbed",
    async (point) => void points.push({ turn, point }),
    () => {},
  );
  const asked = await run.first(false);
  turn = "second";
  run.startAgain();
  const answered = await run.second(asked.approvals[0]?.id ?? "", false);
  return { points, answered };
}

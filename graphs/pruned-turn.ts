/** After each turn the thread's old checkpoints go, so that a long conversation takes no more room than a short one. */
import type { RunTurn } from "./turn-span.ts";

/** `prune` keeps what stored responses and waiting runs start from. */
export function prunedTurn(runTurn: RunTurn, prune: (threadId: string) => Promise<number>): RunTurn {
  return async (input, context) => {
    const result = await runTurn(input, context);
    if (input.fresh === true) return result;
    // A turn does not fail over this: the regular job of the store comes by as well.
    await prune(input.thread_id).catch(() => 0);
    return result;
  };
}

/** Whether a thread that a turn goes on with was deleted while the turn waited for it. */
import type { ResponseStore } from "../ports.ts";
import { noSuchThread } from "./find-thread.ts";
import type { PreparedTurn } from "../responses/prepare-turn.ts";

/** Under the thread's lock; throws when it is gone, so that the turn does not bring it back. */
export async function refuseGone(
  { threads }: Pick<ResponseStore, "threads">,
  { goes_on, owner, thread_id }: Pick<PreparedTurn, "goes_on" | "owner" | "thread_id">,
): Promise<void> {
  if (goes_on && (await threads.get(owner, thread_id)) === null) throw noSuchThread();
}

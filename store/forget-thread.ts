/** Forgets what a thread remembers; stored responses stay, and continue from their text. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { type Database, execute, type Transaction } from "./database.ts";

/** Removes turns, checkpoints and evidence. Does nothing when the thread is not this owner's. */
export async function forgetThread(
  database: Database,
  checkpointer: BaseCheckpointSaver,
  owner: string,
  threadId: string,
): Promise<void> {
  const mine = await database.transaction(() => forget(owner, threadId));
  if (mine) await checkpointer.deleteThread(threadId);
}

function* forget(owner: string, threadId: string): Transaction<boolean> {
  const thread = yield* execute(`SELECT owner FROM @threads WHERE thread_id = ?`, threadId);
  if (thread.rows[0] !== undefined && thread.rows[0]["owner"] !== owner) return false;
  yield* execute(`DELETE FROM @turns WHERE thread_id = ? AND owner = ?`, threadId, owner);
  yield* execute(`DELETE FROM @evidence WHERE thread_id = ? AND owner = ?`, threadId, owner);
  yield* execute(`DELETE FROM @threads WHERE thread_id = ? AND owner = ?`, threadId, owner);
  yield* execute(
    `UPDATE @responses SET checkpoint_id = NULL WHERE thread_id = ? AND owner = ?`,
    threadId,
    owner,
  );
  return true;
}

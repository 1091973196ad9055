/** Removes a thread with every trace of it, or only what it remembers. */
import type { BaseCheckpointSaver } from "@langchain/langgraph-checkpoint";
import { removeConversation } from "./conversations.ts";
import { type Database, execute, type Transaction } from "./database.ts";
import { removeResponse, removeRun } from "./remove-response.ts";
import { removeTraces } from "./remove-traces.ts";

/**
 * Everything of the thread: transcript, checkpoints, evidence, responses, conversations, runs with their events,
 * feedback, traces, keys. What was spent stays, without content. False when there is no such thread of this owner.
 * Call it under `withThread`, so that no run writes meanwhile.
 */
export async function deleteThread(
  database: Database,
  checkpointer: BaseCheckpointSaver,
  owner: string,
  threadId: string,
): Promise<boolean> {
  const existed = await database.transaction(() => remove(owner, threadId, database.now()));
  if (existed) await checkpointer.deleteThread(threadId);
  return existed;
}

/** Removes turns, checkpoints and evidence; stored responses stay, and continue from their text. */
export async function forgetThread(
  database: Database,
  checkpointer: BaseCheckpointSaver,
  owner: string,
  threadId: string,
): Promise<void> {
  const allowed = await database.transaction(() => forget(owner, threadId));
  if (allowed) await checkpointer.deleteThread(threadId);
}

function* forget(owner: string, threadId: string): Transaction<boolean> {
  const { rows } = yield* execute(`SELECT owner FROM @threads WHERE thread_id = ?`, threadId);
  if (rows[0] !== undefined && rows[0]["owner"] !== owner) return false;
  yield* removeMemory(owner, threadId);
  yield* execute(
    `UPDATE @responses SET checkpoint_id = NULL WHERE thread_id = ? AND owner = ?`,
    threadId,
    owner,
  );
  return true;
}

function* removeMemory(owner: string, threadId: string): Transaction<number> {
  let removed = 0;
  for (const table of ["turns", "evidence", "threads"]) {
    const { changes } = yield* execute(
      `DELETE FROM @${table} WHERE thread_id = ? AND owner = ?`,
      threadId,
      owner,
    );
    removed += changes;
  }
  return removed;
}

function* remove(owner: string, threadId: string, now: number): Transaction<boolean> {
  const responses = yield* execute(
    `SELECT id, conversation_id FROM @responses WHERE thread_id = ? AND owner = ?`,
    threadId,
    owner,
  );
  const runs = yield* execute(`SELECT id FROM @runs WHERE thread_id = ? AND owner = ?`, threadId, owner);
  for (const { id, conversation_id } of responses.rows) {
    yield* removeResponse(owner, String(id));
    if (typeof conversation_id === "string") yield* removeConversation(owner, conversation_id);
  }
  for (const { id } of runs.rows) yield* removeRun(String(id));
  const { changes } = yield* execute(
    `DELETE FROM @feedback WHERE thread_id = ? AND owner = ?`,
    threadId,
    owner,
  );
  yield* removeTraces(threadId, now);
  const remembered = yield* removeMemory(owner, threadId);
  return responses.rows.length + runs.rows.length + changes + remembered > 0;
}

/** Does something on a thread that nobody works on and that no background run waits for; else 409. */
import { RequestError } from "../errors.ts";
import type { ResponseStore } from "../ports.ts";

/** `fn` runs under the lock of the thread; what it queues counts as work on it. */
export async function onFreeThread<T>(
  store: ResponseStore,
  threadId: string,
  signal: AbortSignal,
  fn: (lost: AbortSignal) => Promise<T>,
): Promise<T> {
  const ran = await store.withThread(threadId, { wait: false, signal }, async (lost) => {
    if (await store.runs.busy(threadId)) throw busyThread();
    return fn(lost);
  });
  if (ran.locked) return ran.value;
  throw busyThread();
}

export function busyThread(): RequestError {
  return new RequestError("conversation_locked", "This thread is answering another request.");
}

/** The end of a thread, with every trace of it. */
import type { ThreadPlace } from "../../store/threads.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import type { FoundThread } from "./find-thread.ts";
import { REROUTE_MARK } from "./reroute.ts";

/** Its what-ifs go with it: they hold the same content. 409 while a run is at work on it. */
export async function removeThread(exchange: Exchange, thread: FoundThread): Promise<void> {
  const { subject } = exchange.caller;
  for (const key of [...(await whatIfs(exchange, thread.key)), thread.key])
    await remove(exchange, internalThreadId(subject, key));
}

async function remove(exchange: Exchange, threadId: string): Promise<void> {
  const { store } = exchange.services;
  const done = await store.withThread(threadId, { wait: false, signal: exchange.signal }, () =>
    store.deleteThread(exchange.caller.subject, threadId),
  );
  if (!done.locked)
    throw new RequestError("conversation_locked", "This thread is answering another request.");
}

const PAGE = 200;

async function whatIfs({ services, caller }: Exchange, key: string): Promise<string[]> {
  const found: string[] = [];
  let before: ThreadPlace | undefined;
  for (;;) {
    const page = await services.store.threads.list(caller.subject, PAGE, before);
    found.push(
      ...page.map((thread) => thread.thread_key).filter((name) => name.startsWith(key + REROUTE_MARK)),
    );
    before = page.at(-1);
    if (page.length < PAGE) return found;
  }
}

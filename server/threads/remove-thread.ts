/** The end of a thread, with every trace of it. */
import type { ThreadPlace } from "../../store/threads.ts";
import { stopRunsOf } from "../background/stop-run.ts";
import type { Exchange } from "../exchange.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import type { FoundThread } from "./find-thread.ts";
import { onFreeThread } from "./on-free-thread.ts";
import { REROUTE_MARK } from "./reroute.ts";

/** Its what-ifs go with it: they hold the same content. Runs in the background are cancelled, 409 while others go on. */
export async function removeThread(exchange: Exchange, thread: FoundThread): Promise<void> {
  const { subject } = exchange.caller;
  const removeAll = async (keys: string[]) => {
    for (const key of keys) await remove(exchange, internalThreadId(subject, key));
  };
  await removeAll([...(await whatIfs(exchange, thread.key)), thread.key]);
  // One may have begun while the others went.
  await removeAll(await whatIfs(exchange, thread.key));
}

async function remove(exchange: Exchange, threadId: string): Promise<void> {
  const { services, caller, signal } = exchange;
  const { store } = services;
  await stopRunsOf(services, caller.subject, threadId);
  await onFreeThread(store, threadId, signal, () => store.deleteThread(caller.subject, threadId));
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

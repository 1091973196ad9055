/** Answers with a thread of the caller. */
import type { Exchange } from "../exchange.ts";
import { noSuchThread, type FoundThread } from "../threads/find-thread.ts";
import { threadObject } from "./thread-object.ts";
import { wireJson } from "./wire-json.ts";

export async function showThread(exchange: Exchange, thread: FoundThread): Promise<void> {
  const record = await exchange.services.store.threads.get(exchange.caller.subject, thread.id);
  if (record === null) throw noSuchThread();
  sendJson(exchange, await threadObject(exchange, record), thread);
}

/** JSON without what is ours alone. */
export function sendJson({ res }: Exchange, value: unknown, thread: FoundThread): void {
  res.type("application/json").send(wireJson(value, thread));
}

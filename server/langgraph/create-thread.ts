/** `POST /langgraph/threads`: a thread under the client's own id or a new one; empty until its first run. */
import { z } from "zod";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { ThreadKey } from "../responses/request-schema.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import type { FoundThread } from "../threads/find-thread.ts";
import { parsedBody } from "./parsed-body.ts";
import { portOf } from "./port-of.ts";
import { ownMetadata, ThreadMetadata } from "./thread-metadata.ts";
import { showThread } from "./show-thread.ts";
import { asUuid, newRunId } from "./uuid.ts";

export const CreateThread = z.strictObject({
  /** Any name: it is scoped by its owner. */
  thread_id: ThreadKey.min(1).nullish(),
  metadata: ThreadMetadata.nullish(),
  if_exists: z.enum(["raise", "do_nothing"]).nullish(),
  supersteps: z.null().optional(),
  ttl: z.null().optional(),
});

export async function createThread(exchange: Exchange): Promise<void> {
  const { services, caller } = exchange;
  const { thread_id, metadata, if_exists } = parsedBody(exchange, CreateThread);
  const own = ownMetadata(metadata);
  const thread = newThread(exchange, thread_id ?? undefined);
  const known = await services.store.threads.get(caller.subject, thread.id);
  if (known !== null && if_exists !== "do_nothing")
    throw new RequestError("conversation_locked", "The thread exists already.", { param: "thread_id" });
  if (known === null) {
    await touch(exchange, thread);
    await portOf(exchange).setMetadata(caller.subject, thread.id, own);
  }
  await showThread(exchange, thread);
}

export function newThread({ services, caller }: Exchange, key?: string): FoundThread {
  const name = key ?? asUuid(newRunId(services.randomId()));
  return { id: internalThreadId(caller.subject, name), key: name };
}

export async function touch(exchange: Exchange, { id, key }: FoundThread): Promise<void> {
  await portOf(exchange).touchThread(exchange.caller.subject, id, key);
}

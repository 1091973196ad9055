/** A thread by the name that its owner's client uses; for anyone else it does not exist. */
import type { Threads } from "../../graphs/threads.ts";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import { internalThreadId } from "../responses/thread-key.ts";

export interface FoundThread {
  /** Internal, scoped by owner. */
  id: string;
  /** What the client calls it: `custom_outputs.thread_id`. */
  key: string;
}

export async function findThread(exchange: Exchange): Promise<FoundThread> {
  const key = pathParam(exchange, "thread_id");
  const { subject } = exchange.caller;
  const id = internalThreadId(subject, key);
  if ((await exchange.services.store.threads.get(subject, id)) === null) throw noSuchThread();
  return { id, key };
}

export function noSuchThread(): RequestError {
  return new RequestError("not_found", "The thread does not exist.", { param: "thread_id" });
}

export function noSuchTurn(): RequestError {
  return new RequestError("not_found", "The response does not exist.", { param: "before" });
}

export function noSuchCheckpoint(): RequestError {
  return new RequestError("not_found", "The checkpoint does not exist.", { param: "checkpoint_id" });
}

/** Looking back needs the compiled graph. */
export function threadsOf(exchange: Exchange): Threads {
  const { threads } = exchange.services;
  if (threads === undefined) throw noSuchThread();
  return threads;
}

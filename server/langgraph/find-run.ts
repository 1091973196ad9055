/** A run of a thread of the caller; for anyone else it does not exist. */
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { responseId } from "../responses/item-ids.ts";
import { findThread, type FoundThread } from "../threads/find-thread.ts";
import { fromUuid } from "./uuid.ts";

export interface FoundRun {
  thread: FoundThread;
  record: ResponseRecord;
}

export async function findRun(exchange: Exchange): Promise<FoundRun> {
  const thread = await findThread(exchange);
  const id = responseId(fromUuid(pathParam(exchange, "run_id")));
  const record = await exchange.services.store.responses.get(exchange.caller.subject, id);
  if (record === null || record.thread_id !== thread.id)
    throw new RequestError("not_found", "The run does not exist.", { param: "run_id" });
  return { thread, record };
}

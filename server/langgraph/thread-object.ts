/** A thread as LangGraph's API shows it. */
import type { Exchange } from "../exchange.ts";
import type { ThreadRecord } from "../../store/threads.ts";
import { portOf } from "./port-of.ts";
import { metadataOf } from "./thread-metadata.ts";

export type ThreadStatus = "idle" | "busy" | "interrupted";

export async function threadObject(exchange: Exchange, record: ThreadRecord) {
  const snapshot = await portOf(exchange).graph.state(record.thread_id);
  const waiting = (snapshot?.tasks ?? []).filter((task) => task.interrupts.length > 0);
  const standing = (snapshot?.next ?? []).length > 0;
  return {
    thread_id: record.thread_key,
    created_at: new Date(record.created_at).toISOString(),
    updated_at: new Date(record.touched_at).toISOString(),
    metadata: metadataOf(record),
    status: standing ? await standingStatus(exchange, record, waiting.length > 0) : "idle",
    config: {},
    values: snapshot?.values ?? null,
    interrupts: Object.fromEntries(waiting.map((task) => [task.id, task.interrupts])),
  };
}

/** Between two nodes a thread is at work, unless it stopped there: then its lock is free. */
async function standingStatus(
  { services }: Exchange,
  { thread_id }: ThreadRecord,
  asked: boolean,
): Promise<ThreadStatus> {
  if (asked) return "interrupted";
  return (await services.store.isHeld(thread_id)) ? "busy" : "interrupted";
}

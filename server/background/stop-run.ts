/** Cancels a background run wherever it is worked on, and waits a while for its end. */
import type { Services } from "../exchange.ts";
import type { RunRecord } from "../../store/run-record.ts";
import { busyThread } from "../threads/on-free-thread.ts";

/** A process that hears of it at its next heartbeat needs a few seconds. */
const PATIENCE_MS = 5_000;

/** Whether the run is over now. Does nothing to one that is not this owner's. */
export async function stopRun(services: Services, owner: string, id: string): Promise<boolean> {
  const { store, background } = services;
  const run = await store.runs.cancel(owner, id);
  if (run === null || isOver(run)) return true;
  await background.takeUp(id, null);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const last = await store.events.last(id);
    for await (const _event of store.events.tail(id, last, patience));
  } catch (error) {
    if (!patience.aborted) throw error;
  }
  const ended = await store.runs.get(owner, id);
  return ended === null || isOver(ended);
}

/** The same before what it leaves is removed: a run under way would bring it back, so that then it is a 409. */
export async function endRun(services: Services, owner: string, id: string): Promise<void> {
  if (!(await stopRun(services, owner, id))) throw busyThread();
}

/** Every run of a thread that is queued or under way, at the same time. */
export async function stopRunsOf(services: Services, owner: string, threadId: string): Promise<void> {
  const ids = await services.store.runs.unfinished(owner, threadId);
  await Promise.all(ids.map((id) => stopRun(services, owner, id)));
}

function isOver({ state }: RunRecord): boolean {
  return state !== "queued" && state !== "running";
}

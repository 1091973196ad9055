/** Cancels a background run wherever it is worked on, and waits a while for its end. */
import type { Services } from "../exchange.ts";
import { runIdOf } from "../responses/item-ids.ts";

/** A process that hears of it at its next heartbeat needs a few seconds. */
const PATIENCE_MS = 5_000;

/** Does nothing to a run that is over, or is not this owner's. */
export async function stopRun(services: Services, owner: string, responseId: string): Promise<void> {
  const { store, background } = services;
  const id = runIdOf(responseId);
  const run = await store.runs.cancel(owner, id);
  if (run === null || (run.state !== "queued" && run.state !== "running")) return;
  await background.takeUp(id, null);
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    const last = await store.events.last(id);
    for await (const _event of store.events.tail(id, last, patience));
  } catch (error) {
    if (!patience.aborted) throw error;
  }
}

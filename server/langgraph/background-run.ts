/** Runs that outlive their request: begun, joined and cancelled as background responses are. */
import { beginRun } from "../background/begin-run.ts";
import { firstAbort } from "../background/first-abort.ts";
import { stopRun } from "../background/stop-run.ts";
import { ClientGone } from "../client-gone.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { runIdOf } from "../responses/item-ids.ts";
import { findRun, type FoundRun } from "./find-run.ts";
import type { PlannedRun } from "./plan-run.ts";
import { portOf } from "./port-of.ts";
import { runLocation } from "./run-location.ts";
import { runObject } from "./run-object.ts";
import { PLAIN_WISHES } from "./run-planned.ts";
import { errorData, openEvents } from "./stream-run.ts";
import { sendJson } from "./show-thread.ts";
import { valuesOf } from "./thread-state.ts";
import { asUuid } from "./uuid.ts";

/** `ended` is called when this process is done with the run. */
export async function beginInBackground(
  exchange: Exchange,
  planned: PlannedRun,
  ended: () => void,
): Promise<void> {
  const { turn, request, thread } = planned;
  const record = await beginRun(exchange, { turn, request, wishes: PLAIN_WISHES, key: null }, ended);
  runLocation(exchange, planned);
  sendJson(exchange, await runObject(exchange, record), thread);
}

/** Answers with the values that the run ended with. */
export async function joinRun(exchange: Exchange): Promise<void> {
  const found = await findRun(exchange);
  const ended = await atEnd(exchange, found.record);
  sendJson(exchange, await outcomeOf(exchange, found, ended), found.thread);
}

/** What a run told before is not kept in LangGraph's words, so that whoever joins gets its end. */
export async function joinRunStream(exchange: Exchange): Promise<void> {
  const found = await findRun(exchange);
  const leave = exchange.services.limits.openStream();
  try {
    const stream = openEvents(exchange, found.thread);
    stream.send("metadata", { run_id: asUuid(runIdOf(found.record.id)), attempt: 1 });
    const outcome = await outcomeOf(exchange, found, await atEnd(exchange, found.record));
    if ("__error__" in outcome) stream.send("error", outcome["__error__"]);
    else stream.send("values", outcome);
    stream.end();
  } finally {
    leave();
  }
}

export async function cancelRun(exchange: Exchange): Promise<void> {
  const { record } = await findRun(exchange);
  const { action, wait } = exchange.req.query;
  if (action === "rollback") {
    const message = "Unsupported 'action': what a run has asked cannot be undone; fork instead.";
    throw new RequestError("unsupported_parameter", message, { param: "action" });
  }
  if (record.body.background !== true)
    throw new RequestError("invalid_value", "Only a run in the background can be cancelled.", {
      param: "run_id",
    });
  await stopRun(exchange.services, exchange.caller.subject, runIdOf(record.id));
  exchange.res.status(wait === "1" || wait === "true" ? 204 : 202).end();
}

async function atEnd(exchange: Exchange, record: ResponseRecord): Promise<ResponseRecord> {
  if (record.status !== "queued") return record;
  const { store, background } = exchange.services;
  const stop = firstAbort(exchange.signal, background.draining);
  try {
    const id = runIdOf(record.id);
    const last = await store.events.last(id);
    for await (const _event of store.events.tail(id, last, stop.signal));
  } catch (error) {
    if (exchange.signal.aborted) throw new ClientGone();
    if (stop.signal.aborted)
      throw new RequestError("unavailable", "This server is about to stop; join again.", {
        headers: { "retry-after": "1" },
      });
    throw error;
  } finally {
    stop.release();
  }
  return (await store.responses.get(record.owner, record.id)) ?? record;
}

async function outcomeOf(
  exchange: Exchange,
  { thread }: FoundRun,
  record: ResponseRecord,
): Promise<Record<string, unknown>> {
  const { error } = record.body as { error?: { code: string; message: string } | null };
  if (record.status === "failed" && error) return { __error__: errorData(error) };
  const { graph } = portOf(exchange);
  return valuesOf(await graph.state(thread.id, record.checkpoint_id ?? undefined));
}

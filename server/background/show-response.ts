/** A stored response as it is now: the object, or its events from the log of its run. */
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import type { Delivery } from "../responses/delivery.ts";
import type { ResponseBody } from "../responses/response-body.ts";
import { runIdOf } from "../responses/item-ids.ts";
import { followRun } from "./follow-run.ts";

/** `after` counts for streams: only later events are sent. */
export async function showResponse(
  exchange: Exchange,
  record: ResponseRecord,
  delivery: Delivery,
  after = -1,
): Promise<void> {
  const body = record.body as ResponseBody;
  if (!body.background) return delivery.repeat(body, after);
  const { store } = exchange.services;
  const run = await store.runs.get(record.owner, runIdOf(record.id));
  if (run === null) return delivery.repeat(body, after);
  if (delivery.wanted) {
    const extraEvents = exchange.req.headers["x-orchestrator-events"] === "1";
    return followRun(exchange, { runId: run.id, after, stream: delivery.open(), extraEvents });
  }
  if (body.status !== "queued") return delivery.repeat(body);
  if (run.state === "queued" || run.state === "running") {
    const begun = run.state === "running" || run.attempt > 0;
    return delivery.repeat({ ...body, status: begun ? "in_progress" : "queued" });
  }
  // It ended between the two looks.
  const ended = await store.responses.get(record.owner, record.id);
  delivery.repeat((ended ?? record).body as ResponseBody);
}

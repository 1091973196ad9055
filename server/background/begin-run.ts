/** Takes a request into the background: kept and queued before the client hears of it, then run detached from it. */
import type { Exchange } from "../exchange.ts";
import type { Delivery } from "../responses/delivery.ts";
import type { ParsedRequest } from "../responses/parse-request.ts";
import type { PreparedTurn } from "../responses/prepare-turn.ts";
import { openBody, type ResponseBody } from "../responses/response-body.ts";
import type { ResponseWishes } from "../responses/response-wishes.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { onFreeThread } from "../threads/on-free-thread.ts";
import { jobToJson, type BackgroundJob } from "./job.ts";
import { showResponse } from "./show-response.ts";

export interface Beginning {
  request: ParsedRequest;
  turn: PreparedTurn;
  wishes: ResponseWishes;
  /** The claimed idempotency key; it is settled together with the beginning. */
  key: string | null;
}

/** `ended` is called when this process is done with the run. Rejects only when the run was not taken on. */
export async function beginRun(
  exchange: Exchange,
  beginning: Beginning,
  ended: () => void,
): Promise<ResponseRecord> {
  const { services, caller, log, signal } = exchange;
  const { turn } = beginning;
  const job = jobOf(exchange, beginning);
  const record = recordOf(services.clock(), turn, job.body);
  const queue = () =>
    services.store.beginRun({
      response: record,
      key: beginning.key,
      run: {
        id: turn.run_id,
        owner: turn.owner,
        thread_id: turn.thread_id,
        response_id: turn.response_id,
        needs_owner: needsOwner(exchange),
        request: jobToJson(job),
        created_at: services.clock(),
      },
    });
  if (turn.shared && services.config.server.busy_thread === "reject")
    await onFreeThread(services.store, turn.thread_id, signal, queue);
  else await queue();
  await services.background.takeUp(turn.run_id, caller, ended).catch((err: unknown) => {
    log.warn({ err, run_id: turn.run_id }, "the run waits for a process that looks for it");
    ended();
  });
  return record;
}

/** The first answer: `queued`, or the events from the first one on. */
export async function answerBegun(
  exchange: Exchange,
  record: ResponseRecord,
  delivery: Delivery,
): Promise<void> {
  if (delivery.wanted) await showResponse(exchange, record, delivery);
  else delivery.repeat(record.body as ResponseBody);
}

/** Tokens are never stored: without this process the run waits for the owner's next request. */
function needsOwner({ services, caller }: Exchange): boolean {
  if (caller.access_token === undefined) return false;
  return services.config.backends.some((backend) => backend.identity === "user");
}

function jobOf(exchange: Exchange, { request, turn, wishes }: Beginning): BackgroundJob {
  const { services, caller } = exchange;
  const now = services.clock();
  return {
    turn,
    body: openBody({
      id: turn.response_id,
      created_at: now,
      model: request.model || services.config.server.model_name,
      store: true,
      thread_key: turn.thread_key,
      conversation_id: turn.conversation_id,
      request,
    }),
    backend_items: wishes.backendItems,
    extra_events: wishes.extraEvents,
    return_trace: wishes.returnTrace,
    email: caller.email ?? null,
    deadline: now + services.config.budgets.background_deadline_ms,
  };
}

function recordOf(now: number, turn: PreparedTurn, body: ResponseBody): ResponseRecord {
  return {
    id: turn.response_id,
    owner: turn.owner,
    thread_id: turn.thread_id,
    thread_key: turn.thread_key,
    checkpoint_id: null,
    previous_response_id: turn.previous_response_id,
    conversation_id: turn.conversation_id,
    status: "queued",
    created_at: now,
    body: JSON.parse(JSON.stringify({ ...body, status: "queued" })) as ResponseRecord["body"],
    input: turn.items,
  };
}

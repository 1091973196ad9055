/** `POST /responses` and `POST /invocations`: from the body to the last event. */
import { ClientGone } from "../client-gone.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { claimKey } from "./claim-key.ts";
import { Delivery } from "./delivery.ts";
import { ResponseEncoder } from "./encoder.ts";
import type { FrameSink } from "./event-writer.ts";
import { responseId } from "./item-ids.ts";
import { parseRequest, type ParsedRequest } from "./parse-request.ts";
import { prepareTurn, type PreparedTurn } from "./prepare-turn.ts";
import { openBody } from "./response-body.ts";
import { responseWishes, type ResponseWishes } from "./response-wishes.ts";
import { INTERNAL_FAILURE } from "./run-failure.ts";
import { runTurn, type RunOutcome } from "./run-turn.ts";
import { shortTitle, TITLE_MODEL, titleResult, titleSource } from "./title.ts";

export async function createResponse(exchange: Exchange): Promise<void> {
  const { services, caller } = exchange;
  const request = parseRequest(exchange.json(), services.config.server.limits);
  const wishes = responseWishes(exchange, request);
  const leave = services.limits.enter(caller.subject, wishes.stream);
  try {
    if (request.model === TITLE_MODEL) return await answerTitle(exchange, request, wishes);
    const turn = await prepareTurn(services, caller.subject, request);
    const delivery = new Delivery(exchange, wishes.stream);
    const claim = await claimKey(exchange, turn, delivery);
    if (claim === "repeated") return;
    const outcome = await answerTurn({ exchange, request, turn, wishes, delivery }).catch(
      async (error: unknown) => {
        await claim?.release();
        throw error;
      },
    );
    await claim?.done(outcome);
  } finally {
    leave();
  }
}

interface Answering {
  exchange: Exchange;
  request: ParsedRequest;
  turn: PreparedTurn;
  wishes: ResponseWishes;
  delivery: Delivery;
}

/** Runs the turn when the thread is free. In queue mode a stream begins before: silence costs the connection. */
async function answerTurn({ exchange, request, turn, wishes, delivery }: Answering): Promise<RunOutcome> {
  const { services, signal } = exchange;
  const encoder = newEncoder(exchange, request, wishes, turn, delivery.sink);
  const wait = services.config.server.busy_thread === "queue";
  const run = { turn, encoder, returnTrace: wishes.returnTrace };
  if (wait || !turn.shared) encoder.start();
  try {
    const ran = turn.shared
      ? await services.store.withThread(turn.input.thread_id, { wait, signal }, (lost) => {
          if (!wait) encoder.start();
          return runTurn(exchange, run, lost);
        })
      : { locked: true as const, value: await runTurn(exchange, run, signal) };
    if (!ran.locked)
      throw new RequestError("conversation_locked", "This thread is answering another request.");
    delivery.deliver(encoder, ran.value, wishes.traceFrame ? services.traceId?.(turn.run_id) : undefined);
    return ran.value;
  } catch (error) {
    if (signal.aborted) throw new ClientGone();
    if (!delivery.streaming) throw error;
    exchange.log.error({ err: error, run_id: turn.run_id }, "the run could not be started or delivered");
    const outcome = { body: encoder.fail(INTERNAL_FAILURE, null), failure: INTERNAL_FAILURE };
    delivery.deliver(encoder, outcome, undefined);
    return outcome;
  }
}

/** No graph, no thread, nothing kept. */
async function answerTitle(
  exchange: Exchange,
  request: ParsedRequest,
  wishes: ResponseWishes,
): Promise<void> {
  const { services, signal } = exchange;
  const text = titleSource(request.input);
  const written = await services.writeTitle?.(text, signal).catch((error: unknown) => {
    exchange.log.warn({ err: error }, "the model wrote no title");
    return undefined;
  });
  const runId = services.randomId().slice(0, 32);
  const delivery = new Delivery(exchange, wishes.stream);
  const keepNothing = {
    response_id: responseId(runId),
    run_id: runId,
    store: false,
    thread_key: null,
    conversation_id: null,
  };
  const encoder = newEncoder(exchange, request, wishes, keepNothing, delivery.sink);
  encoder.start();
  const body = encoder.finish(titleResult(written ?? shortTitle(text)));
  delivery.deliver(encoder, { body, failure: null }, undefined);
}

type Named = Pick<PreparedTurn, "response_id" | "run_id" | "store" | "conversation_id"> & {
  thread_key: string | null;
};

function newEncoder(
  exchange: Exchange,
  request: ParsedRequest,
  wishes: ResponseWishes,
  named: Named,
  sink: FrameSink | null,
): ResponseEncoder {
  const { services } = exchange;
  return new ResponseEncoder({
    runId: named.run_id,
    backendItems: wishes.backendItems,
    extraEvents: wishes.extraEvents,
    clock: services.clock,
    sink,
    body: openBody({
      id: named.response_id,
      created_at: services.clock(),
      model: request.model || services.config.server.model_name,
      store: named.store,
      thread_key: named.thread_key,
      conversation_id: named.conversation_id,
      request,
    }),
  });
}

/** `POST /responses` and `POST /invocations`: from the body to the last event. */
import { answerBegun, beginRun, type Beginning } from "../background/begin-run.ts";
import { ClientGone } from "../client-gone.ts";
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { refuseWhenDraining } from "../refuse-when-draining.ts";
import { startRunClock } from "../run-clock.ts";
import { busyThread, onFreeThread } from "../threads/on-free-thread.ts";
import { refuseGone } from "../threads/still-there.ts";
import { answerTitle } from "./answer-title.ts";
import { claimKey, type KeyClaim } from "./claim-key.ts";
import { Delivery } from "./delivery.ts";
import { newEncoder } from "./new-encoder.ts";
import { parseRequest, type ParsedRequest } from "./parse-request.ts";
import { prepareTurn, type PreparedTurn } from "./prepare-turn.ts";
import { responseWishes, type ResponseWishes } from "./response-wishes.ts";
import { DEADLINE_FAILURE, failureError, notStarted } from "./run-failure.ts";
import { runTurn, type RunOutcome, type TurnRun } from "./run-turn.ts";
import { TITLE_MODEL } from "./title.ts";
import { warmUp } from "./warm-up.ts";

export async function createResponse(exchange: Exchange): Promise<void> {
  const { services, caller } = exchange;
  const arrived = services.clock();
  const request = parseRequest(exchange.json(), services.config.server.limits);
  const wishes = responseWishes(exchange, request);
  refuseWhenDraining(exchange);
  const background =
    request.background === true && request.model !== TITLE_MODEL && request.generate !== false;
  const leave = services.limits.enter(caller.subject, wishes.stream && !background);
  let leaving = leave;
  try {
    if (request.model === TITLE_MODEL) return await answerTitle(exchange, request, wishes);
    if (request.generate === false) return await warmUp(exchange, request, wishes);
    await services.pacedStart();
    const turn = await prepareTurn(services, caller.subject, request);
    refuseRepeat(exchange, request, turn, wishes);
    const delivery = new Delivery(exchange, wishes.stream);
    const claim = await claimKey(exchange, turn, delivery);
    if (claim === "repeated") return;
    if (background) {
      // The run keeps the place, not the request.
      leaving = () => {};
      const key = claim?.key ?? null;
      const record = await begun(exchange, { request, turn, wishes, key }, { claim, leave });
      return await answerBegun(exchange, record, delivery);
    }
    const outcome = await answerTurn({ exchange, arrived, request, turn, wishes, delivery, claim }).catch(
      async (error: unknown) => {
        await claim?.release();
        throw error;
      },
    );
    await claim?.done(outcome);
  } finally {
    leaving();
  }
}

async function begun(
  exchange: Exchange,
  beginning: Beginning,
  { claim, leave }: { claim: KeyClaim | null; leave: () => void },
): Promise<ResponseRecord> {
  try {
    return await beginRun(exchange, beginning, leave);
  } catch (error) {
    leave();
    await claim?.release();
    throw error;
  }
}

interface Answering {
  exchange: Exchange;
  /** Epoch milliseconds. */
  arrived: number;
  request: ParsedRequest;
  turn: PreparedTurn;
  wishes: ResponseWishes;
  delivery: Delivery;
  claim: KeyClaim | null;
}

/** Runs the turn when the thread is free. In queue mode a stream begins before: silence costs the connection. */
async function answerTurn(answering: Answering): Promise<RunOutcome> {
  const { exchange, arrived, request, turn, wishes, delivery, claim } = answering;
  const { services } = exchange;
  const encoder = newEncoder(exchange, request, wishes, turn, delivery.sink);
  // Its turn among the runs that begin was a part of the client's wait.
  const now = services.clock();
  const left_ms = Math.max(0, arrived + services.config.budgets.deadline_ms - now);
  const clock = startRunClock(exchange.signal, now, left_ms);
  let outcome: RunOutcome;
  try {
    outcome = await runOnThread(exchange, { turn, encoder, clock, returnTrace: wishes.returnTrace }, claim);
  } catch (error) {
    if (exchange.signal.aborted) throw new ClientGone();
    if (!delivery.streaming && !clock.late) throw error;
    if (!clock.late) exchange.log.error({ err: error, run_id: turn.run_id }, "the run could not be started");
    const failure = clock.late ? DEADLINE_FAILURE : notStarted(error);
    outcome = { body: encoder.fail(failure, null), failure };
  } finally {
    clock.stop();
  }
  const { failure } = outcome;
  if (failure !== null && wishes.stream && turn.shared && !encoder.spoke) {
    const failed = { failure, called: encoder.called };
    services.failedStreams.remember(turn.thread_id, request.input, failed);
  }
  delivery.deliver(encoder, outcome, wishes.traceFrame ? services.traceId?.(turn.run_id) : undefined);
  return outcome;
}

function refuseRepeat(
  { services }: Exchange,
  request: ParsedRequest,
  turn: PreparedTurn,
  wishes: ResponseWishes,
): void {
  if (wishes.stream || !turn.shared) return;
  const failed = services.failedStreams.take(turn.thread_id, request.input);
  if (failed !== null) throw failureError(failed.failure, failed.called);
}

/** A thread that nobody else can name is held for the sake of the key alone: whoever takes that over takes both. */
async function runOnThread(exchange: Exchange, run: TurnRun, claim: KeyClaim | null): Promise<RunOutcome> {
  const { store, config } = exchange.services;
  const { turn, encoder, clock } = run;
  const { thread_id } = turn.input;
  const rejects = turn.shared && config.server.busy_thread === "reject";
  const held = async (lost: AbortSignal) => {
    clock.follow(lost);
    await claim?.confirm();
    await refuseGone(store, turn);
    if (rejects) encoder.start();
    return runTurn(exchange, run);
  };
  if (rejects) return onFreeThread(store, thread_id, clock.signal, held);
  encoder.start();
  if (!turn.shared && claim === null) return runTurn(exchange, run);
  const ran = await store.withThread(thread_id, { wait: true, signal: clock.signal }, held);
  if (ran.locked) return ran.value;
  throw busyThread();
}

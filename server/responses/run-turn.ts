/** Runs one prepared turn through the graph and keeps what came of it; ends in a body, never half way. */
import type { Json } from "../../backends/backend.ts";
import type { TurnResult } from "../../graphs/run.ts";
import { ClientGone } from "../client-gone.ts";
import type { Exchange } from "../exchange.ts";
import type { StoredItem } from "../ports.ts";
import type { RunClock } from "../run-clock.ts";
import type { ResponseEncoder } from "./encoder.ts";
import type { PreparedTurn } from "./prepare-turn.ts";
import type { ResponseBody } from "./response-body.ts";
import { DEADLINE_FAILURE, failureOf, INTERNAL_FAILURE, type RunFailure } from "./run-failure.ts";

export interface RunOutcome {
  body: ResponseBody;
  failure: RunFailure | null;
}

export interface TurnRun {
  turn: PreparedTurn;
  encoder: ResponseEncoder;
  clock: RunClock;
  /** Put the trace's id into `metadata` (chat UI reference, section 5.2). */
  returnTrace: boolean;
}

/** Rejects with `ClientGone` only; every other trouble becomes a failed response. Everything is kept before it returns. */
export async function runTurn(
  exchange: Exchange,
  { turn, encoder, clock, returnTrace }: TurnRun,
): Promise<RunOutcome> {
  const { services, log } = exchange;
  let result: TurnResult | null = null;
  let failure: RunFailure | null = null;
  try {
    result = await services.orchestrator.runTurn(turn.input, {
      run_id: turn.run_id,
      caller: exchange.caller,
      signal: clock.signal,
      deadline: clock.deadline,
      emit: (event) => encoder.push(event),
    });
    if (result.status === "failed") failure = failureOf(result.failure);
  } catch (error) {
    if (exchange.signal.aborted) throw new ClientGone();
    failure = clock.late ? DEADLINE_FAILURE : INTERNAL_FAILURE;
    if (!clock.late) log.error({ err: error, run_id: turn.run_id }, "the run failed");
  }
  const ended =
    failure === null && result !== null
      ? encoder.finish(result)
      : encoder.fail(failure ?? INTERNAL_FAILURE, result);
  const traceId = returnTrace ? services.traceId?.(turn.run_id) : undefined;
  if (traceId !== undefined) ended.metadata = { ...ended.metadata, trace_id: traceId };
  const body = await kept(exchange, turn, ended, result);
  return { body, failure };
}

/** An answer that could not be kept is still an answer; `store: false` then says that it cannot be fetched again. */
async function kept(
  exchange: Exchange,
  turn: PreparedTurn,
  body: ResponseBody,
  result: TurnResult | null,
): Promise<ResponseBody> {
  const { store } = exchange.services;
  try {
    if (turn.store) await keep(exchange, turn, body, result);
    else await store.forgetThread(turn.owner, turn.input.thread_id);
    return body;
  } catch (error) {
    exchange.log.error({ err: error, response_id: turn.response_id }, "the response could not be kept");
    return { ...body, store: false };
  }
}

async function keep(
  exchange: Exchange,
  turn: PreparedTurn,
  body: ResponseBody,
  result: TurnResult | null,
): Promise<void> {
  const { store, clock } = exchange.services;
  const common = {
    owner: turn.owner,
    thread_id: turn.thread_id,
    thread_key: turn.thread_key,
    previous_response_id: turn.previous_response_id,
    created_at: clock(),
  };
  const json = asJson(body);
  const writes = [
    store.responses.save({
      ...common,
      id: turn.response_id,
      checkpoint_id: result?.checkpoint_id ?? null,
      conversation_id: turn.conversation_id,
      status: body.status,
      body: json,
      input: turn.items,
    }),
  ];
  const { status } = body;
  if (status === "completed" || status === "incomplete") {
    const answer = result?.answer?.text ?? "";
    const asked = { response_id: turn.response_id, question: turn.input.question };
    writes.push(store.turns.append({ ...common, ...asked, answer, status }));
    if (turn.conversation_id !== null) writes.push(extend(exchange, turn, turn.conversation_id, json));
  }
  await Promise.all(writes);
}

/** A failed turn leaves no trace in its conversation (section 6). */
async function extend(
  exchange: Exchange,
  turn: PreparedTurn,
  conversationId: string,
  body: { [key: string]: Json },
): Promise<void> {
  const output = body.output as StoredItem[];
  const { conversations } = exchange.services.store;
  await conversations.append(turn.owner, conversationId, [...turn.items, ...output]);
}

function asJson(body: ResponseBody): { [key: string]: Json } {
  return JSON.parse(JSON.stringify(body)) as { [key: string]: Json };
}

/** Runs one prepared turn through the graph and keeps what came of it; ends in a body, never half way. */
import type { TurnResult } from "../../graphs/run.ts";
import type { ServerDeps } from "../deps.ts";
import type { Exchange } from "../exchange.ts";
import type { RunClock } from "../run-clock.ts";
import type { RunWatch } from "../run-watch.ts";
import type { ResponseEncoder } from "./encoder.ts";
import { keepResponse } from "./keep-response.ts";
import type { PreparedTurn } from "./prepare-turn.ts";
import type { ResponseBody } from "./response-body.ts";
import { crashOf, DEADLINE_FAILURE, failureOf, INTERNAL_FAILURE, type RunFailure } from "./run-failure.ts";

export interface RunOutcome {
  body: ResponseBody;
  failure: RunFailure | null;
}

/** What a run needs of where it runs: a request, or the background. */
export type RunHost = Pick<Exchange, "log" | "caller" | "signal"> & {
  services: ServerDeps;
  /** The run is to stop behind the step under way, because another process can go on with it. */
  drain?: AbortSignal;
};

export interface TurnRun {
  turn: PreparedTurn;
  encoder: ResponseEncoder;
  clock: RunClock;
  /** Put the trace's id into `metadata` (chat UI reference, section 5.2). */
  returnTrace: boolean;
  /** Somebody looks at the graph itself. */
  watch?: RunWatch;
  /** Reject when the response cannot be kept, because another process can try again. */
  mustKeep?: boolean;
}

/**
 * Rejects with the reason of `host.signal` or `host.drain` when that stopped it; every other trouble becomes a failed response.
 * Everything is kept before it returns.
 */
export async function runTurn(
  host: RunHost,
  { turn, encoder, clock, returnTrace, watch, mustKeep = false }: TurnRun,
): Promise<RunOutcome> {
  const { services, log } = host;
  let result: TurnResult | null = null;
  let failure: RunFailure | null = null;
  try {
    result = await services.orchestrator.runTurn(turn.input, {
      run_id: turn.run_id,
      caller: host.caller,
      unstored: !turn.store,
      signal: clock.signal,
      drain: host.drain,
      deadline: clock.deadline,
      emit: (event) => {
        encoder.push(event);
        watch?.event(event);
      },
      ...(watch === undefined ? {} : { graph: watch }),
    });
    services.history?.record(result);
    if (result.status === "failed") failure = failureOf(result.failure);
  } catch (error) {
    host.signal.throwIfAborted();
    if (host.drain?.aborted === true && error === host.drain.reason) throw error;
    const late = clock.late || services.clock() >= clock.deadline;
    failure = late ? DEADLINE_FAILURE : crashOf(error);
    if (!late) log.error({ err: error, run_id: turn.run_id }, "the run failed");
  }
  const ended =
    failure === null && result !== null
      ? encoder.finish(result)
      : encoder.fail(failure ?? INTERNAL_FAILURE, result);
  const traceId = returnTrace ? services.traceId?.(turn.run_id) : undefined;
  if (traceId !== undefined) ended.metadata = { ...ended.metadata, trace_id: traceId };
  const body = mustKeep
    ? await keepResponse(host, turn, ended, result).then(() => ended)
    : await kept(host, turn, ended, result);
  return { body, failure };
}

/** An answer that could not be kept is still an answer; `store: false` then says that it cannot be fetched again. */
async function kept(
  host: RunHost,
  turn: PreparedTurn,
  body: ResponseBody,
  result: TurnResult | null,
): Promise<ResponseBody> {
  const { store } = host.services;
  try {
    if (turn.store) await keepResponse(host, turn, body, result);
    else await store.forgetThread(turn.owner, turn.input.thread_id);
    return body;
  } catch (error) {
    host.log.error({ err: error, response_id: turn.response_id }, "the response could not be kept");
    return { ...body, store: false };
  }
}

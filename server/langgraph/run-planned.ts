/** Runs a planned turn while the client waits, under the same limits, lock and deadline as a response. */
import { ClientGone } from "../client-gone.ts";
import type { Exchange } from "../exchange.ts";
import { newEncoder } from "../responses/new-encoder.ts";
import { DEADLINE_FAILURE, notStarted, type RunFailure } from "../responses/run-failure.ts";
import { runTurn } from "../responses/run-turn.ts";
import { startRunClock, type RunClock } from "../run-clock.ts";
import type { RunWatch } from "../run-watch.ts";
import { busyThread, onFreeThread } from "../threads/on-free-thread.ts";
import { refuseGone } from "../threads/still-there.ts";
import type { PlannedRun } from "./plan-run.ts";

export const PLAIN_WISHES = {
  stream: false,
  backendItems: "reasoning",
  extraEvents: false,
  returnTrace: false,
  traceFrame: false,
} as const;

export interface Answering {
  watch: RunWatch;
  /** Called when nothing can be refused any more, before the run or the waiting for its thread. */
  open: () => void;
}

/** Resolves with what went wrong, null when nothing did. Rejects only before `open`, or when the client is gone. */
export async function runPlanned(
  exchange: Exchange,
  planned: PlannedRun,
  { watch, open }: Answering,
): Promise<RunFailure | null> {
  const { services, signal } = exchange;
  const clock = startRunClock(signal, services.clock(), planned.deadline_ms);
  let opened = false;
  const begin = () => {
    if (!opened) open();
    opened = true;
  };
  try {
    if (planned.wait) begin();
    return await onThread(exchange, planned, clock, () => {
      begin();
      return watch;
    });
  } catch (error) {
    if (signal.aborted) throw new ClientGone();
    if (!opened) throw error;
    if (!clock.late) exchange.log.error({ err: error }, "the run could not be started");
    return clock.late ? DEADLINE_FAILURE : notStarted(error);
  } finally {
    clock.stop();
  }
}

async function onThread(
  exchange: Exchange,
  { turn, request, wait }: PlannedRun,
  clock: RunClock,
  begun: () => RunWatch,
): Promise<RunFailure | null> {
  const { store } = exchange.services;
  const { thread_id } = turn.input;
  const held = async (lost: AbortSignal) => {
    clock.follow(lost);
    await refuseGone(store, turn);
    const watch = begun();
    const encoder = newEncoder(exchange, request, PLAIN_WISHES, turn, null);
    encoder.start();
    const { failure } = await runTurn(exchange, { turn, encoder, clock, returnTrace: false, watch });
    return failure;
  };
  if (!wait) return onFreeThread(store, thread_id, clock.signal, held);
  const ran = await store.withThread(thread_id, { wait, signal: clock.signal }, held);
  if (ran.locked) return ran.value;
  throw busyThread();
}

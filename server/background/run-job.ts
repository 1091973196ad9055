/** Works on one leased run until it ends, or until others are to go on with it. */
import type { Logger } from "pino";
import type { Caller } from "../../backends/caller.ts";
import { leaseLost, type RunLease } from "../../store/run-lease.ts";
import { StoreError } from "../../store/store-error.ts";
import { ResponseEncoder } from "../responses/encoder.ts";
import { keepResponse } from "../responses/keep-response.ts";
import { restoreOutput, type LoggedWireEvent, type RestoredOutput } from "../responses/restored-output.ts";
import { DEADLINE_FAILURE, INTERNAL_FAILURE, type RunFailure } from "../responses/run-failure.ts";
import { runTurn, type RunHost, type RunOutcome } from "../responses/run-turn.ts";
import { startRunClock } from "../run-clock.ts";
import type { ServerDeps } from "../deps.ts";
import { firstAbort } from "./first-abort.ts";
import { jobOf, type BackgroundJob } from "./job.ts";
import { eventJson } from "./logged-frame.ts";
import { LoggedEvents } from "./logged-events.ts";

export interface RunJobDeps {
  services: ServerDeps;
  log: Logger;
  /** Aborts when this process is to end: the run is given back behind the step that is under way. */
  draining: AbortSignal;
  /** Aborts when there is no time left for that step. */
  hurry: AbortSignal;
}

/** A run that ended so many processes is not given to one more. */
const MOST_ATTEMPTS = 25;

/** Never rejects. `caller` carries the owner's token, where this process knows it. */
export async function runJob(deps: RunJobDeps, lease: RunLease, caller: Caller | null): Promise<void> {
  const { services, log, draining, hurry } = deps;
  const halt = firstAbort(lease.lost, lease.cancelled, hurry);
  const events = new LoggedEvents(services.store.events, lease, (error) => halt.abort(error));
  try {
    const job = jobOf(lease.run.request);
    const restored = await restore(services, lease);
    if (restored.end !== null) return await lease.finish(endOf(restored.end.status));
    const encoder = encoderOf(services, job, events, restored);
    if (restored.sequence === 0) encoder.start();
    else encoder.resume();
    const asker = caller ?? { subject: lease.run.owner, ...(job.email === null ? {} : { email: job.email }) };
    const host = { services, log, caller: asker, signal: halt.signal, drain: draining };
    const outcome = await settle(host, { lease, job, encoder, follow: (lost) => halt.follow(lost) });
    encoder.end(outcome.body, outcome.failure);
    await events.committed();
    await lease.finish(endOf(outcome.body.status));
  } catch (error) {
    await giveBack(deps, lease, events, error);
  } finally {
    halt.release();
  }
}

type JobHost = RunHost & Required<Pick<RunHost, "drain">>;

interface Working {
  lease: RunLease;
  job: BackgroundJob;
  encoder: ResponseEncoder;
  follow(lost: AbortSignal): void;
}

/** Rejects when the run is not at its end but this process must stop. */
async function settle(host: JobHost, working: Working): Promise<RunOutcome> {
  const { lease, job, encoder } = working;
  try {
    host.signal.throwIfAborted();
    host.drain.throwIfAborted();
    if (lease.run.attempt > MOST_ATTEMPTS) return await failed(host, working, INTERNAL_FAILURE);
    return await run(host, working);
  } catch (error) {
    if (lease.lost.aborted || !lease.cancelled.aborted) throw error;
    const body = encoder.cancel();
    await keepResponse(host, job.turn, body, null);
    return { body, failure: null };
  }
}

/** On the thread when it is free; the deadline counts from the request, over all processes. */
async function run(host: JobHost, working: Working): Promise<RunOutcome> {
  const { lease, job, encoder } = working;
  const { services } = host;
  const { turn } = job;
  const clock = startRunClock(host.signal, services.clock(), job.deadline - services.clock());
  const input = { ...turn.input, ...(lease.run.attempt > 1 ? { resume: true } : {}) };
  const waiting = firstAbort(clock.signal, host.drain);
  try {
    const where = { wait: true, signal: waiting.signal, run: lease.run.id };
    const ran = await services.store.withThread(turn.input.thread_id, where, async (lost) => {
      working.follow(lost);
      await refuseDeleted(services, lease);
      return runTurn(host, {
        turn: { ...turn, input },
        encoder,
        clock,
        returnTrace: job.return_trace,
        mustKeep: true,
      });
    });
    if (ran.locked) return ran.value;
    throw new TypeError("a thread that was waited for is held");
  } catch (error) {
    if (host.signal.aborted || host.drain.aborted || !clock.late) throw error;
    return await failed(host, working, DEADLINE_FAILURE);
  } finally {
    waiting.release();
    clock.stop();
  }
}

/** A thread that was deleted took its runs along: one that waited for it meanwhile must not bring it back. */
async function refuseDeleted({ store }: ServerDeps, { run }: RunLease): Promise<void> {
  if ((await store.runs.get(run.owner, run.id)) === null) throw leaseLost(run.id);
}

async function failed(host: RunHost, { job, encoder }: Working, failure: RunFailure): Promise<RunOutcome> {
  const body = encoder.fail(failure, null);
  await keepResponse(host, job.turn, body, null);
  return { body, failure };
}

async function giveBack(
  { log, draining }: RunJobDeps,
  lease: RunLease,
  events: LoggedEvents,
  error: unknown,
): Promise<void> {
  const run_id = lease.run.id;
  if (lease.lost.aborted) return log.warn({ run_id }, "another process has taken the run over");
  const known = error instanceof StoreError && error.code === "lease_lost";
  if (!draining.aborted && !known)
    log.error({ err: error, run_id }, "the run was interrupted, it is tried again");
  // What was told is in the log before another process looks at it.
  await events.committed();
  await lease.release().catch((err: unknown) => log.warn({ err, run_id }, "the run could not be released"));
}

function encoderOf(
  services: ServerDeps,
  job: BackgroundJob,
  events: LoggedEvents,
  restored: RestoredOutput,
): ResponseEncoder {
  return new ResponseEncoder({
    body: job.body,
    runId: job.turn.run_id,
    ...(job.return_trace ? { traceId: () => services.traceId?.(job.turn.run_id) } : {}),
    backendItems: job.backend_items,
    extraEvents: job.extra_events,
    clock: services.clock,
    sink: events.sink,
    ...(restored.sequence === 0 ? {} : { restored }),
  });
}

async function restore({ store }: ServerDeps, { run }: RunLease): Promise<RestoredOutput> {
  const parsed: LoggedWireEvent[] = [];
  for (;;) {
    const page = await store.events.read(run.id, parsed.length - 1);
    if (page.length === 0) return restoreOutput(parsed, run.id);
    for (const { event } of page) parsed.push(JSON.parse(eventJson(event)) as LoggedWireEvent);
  }
}

function endOf(status: string): "completed" | "incomplete" | "failed" | "cancelled" {
  return status === "incomplete" || status === "failed" || status === "cancelled" ? status : "completed";
}

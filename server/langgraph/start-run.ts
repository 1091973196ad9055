/** Every way to start a run: on a thread or without one; streamed, waited for, or in the background. */
import type { Exchange } from "../exchange.ts";
import { refuseWhenDraining } from "../refuse-when-draining.ts";
import { RequestError } from "../errors.ts";
import { pathParam } from "../exchange.ts";
import { noSuchThread, type FoundThread } from "../threads/find-thread.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import { beginInBackground } from "./background-run.ts";
import { newThread, touch } from "./create-thread.ts";
import { planRun, type PlannedRun } from "./plan-run.ts";
import { runRequest, type RunRequest } from "./run-request.ts";
import { streamRun } from "./stream-run.ts";
import { waitRun } from "./wait-run.ts";

type Answer = (exchange: Exchange, planned: PlannedRun, body: RunRequest) => Promise<void>;

export const streamOnThread = onThread(streamRun, true);
export const waitOnThread = onThread(waitRun, false);
export const streamAlone = alone(streamRun, true);
export const waitAlone = alone(waitRun, false);

/** The run keeps its place among the caller's until it ends, not until the request does. */
export async function createRun(exchange: Exchange): Promise<void> {
  const body = runRequest(exchange.json());
  refuseWhenDraining(exchange);
  refuseInBackground(body);
  const leave = exchange.services.limits.enter(exchange.caller.subject, false);
  try {
    const thread = await threadFor(exchange, body);
    const planned = await planRun(exchange, body, { thread, kept: true, background: true });
    await beginInBackground(exchange, planned, leave);
  } catch (error) {
    leave();
    throw error;
  }
}

function onThread(answer: Answer, stream: boolean) {
  return limited(stream, async (exchange, body) => {
    const thread = await threadFor(exchange, body);
    await answer(exchange, await planRun(exchange, body, { thread, kept: true, background: false }), body);
  });
}

/** `on_completion: "keep"` leaves the thread, under a new id. */
function alone(answer: Answer, stream: boolean) {
  return limited(stream, async (exchange, body) => {
    const kept = body.on_completion === "keep";
    const fresh = newThread(exchange);
    const once = internalThreadId(exchange.caller.subject, `once_${fresh.key}`);
    const thread = kept ? fresh : { id: once, key: fresh.key };
    if (kept) await touch(exchange, thread);
    await answer(exchange, await planRun(exchange, body, { thread, kept, background: false }), body);
  });
}

function limited(stream: boolean, run: (exchange: Exchange, body: RunRequest) => Promise<void>) {
  return async (exchange: Exchange): Promise<void> => {
    const body = runRequest(exchange.json());
    refuseWhenDraining(exchange);
    const leave = exchange.services.limits.enter(exchange.caller.subject, stream);
    try {
      await exchange.services.pacedStart();
      await run(exchange, body);
    } finally {
      leave();
    }
  };
}

async function threadFor(exchange: Exchange, { if_not_exists }: RunRequest): Promise<FoundThread> {
  const { services, caller } = exchange;
  const thread = newThread(exchange, pathParam(exchange, "thread_id"));
  if ((await services.store.threads.get(caller.subject, thread.id)) !== null) return thread;
  if (if_not_exists !== "create") throw noSuchThread();
  await touch(exchange, thread);
  return thread;
}

/** What a run that outlives its request cannot do. */
function refuseInBackground({ input, command, multitask_strategy }: RunRequest): void {
  const goesOn = input === null && (command === undefined || command === null);
  // Another process could not tell whether such a run had begun.
  if (goesOn) throw unsupported("input", "null in the background; wait for the run or stream it");
  if (multitask_strategy === "reject")
    throw unsupported("multitask_strategy", "a run in the background waits for its thread");
}

function unsupported(param: string, why: string): RequestError {
  return new RequestError("unsupported_parameter", `Unsupported '${param}': ${why}.`, { param });
}

/** `POST /threads/:id/fork`: goes on from any checkpoint with another question, memory, plan or route. */
import { z } from "zod";
import { ForkEdit } from "../../graphs/fork.ts";
import type { Exchange } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";
import { checkPlan } from "./check-plan.ts";
import { findThread, type FoundThread, noSuchCheckpoint, threadsOf } from "./find-thread.ts";
import { onFreeThread } from "./on-free-thread.ts";
import { runBranch } from "./run-branch.ts";

export const ForkRequest = ForkEdit.extend({
  /** As `GET /threads/:id/history` names them; the newest when absent. */
  checkpoint_id: z.string().optional(),
  /** `false` only writes the checkpoint. */
  run: z.boolean().default(true),
});

export async function fork(exchange: Exchange): Promise<void> {
  const parsed = ForkRequest.safeParse(exchange.json());
  if (!parsed.success) throw schemaProblem(parsed.error, exchange.json());
  const thread = await findThread(exchange);
  const { limits, store } = exchange.services;
  // Before anything is written: a fork that may not run must not be what the thread goes on from.
  const leave = limits.enter(exchange.caller.subject, false);
  try {
    const fork = (lost: AbortSignal) => forked(exchange, thread, parsed.data, lost);
    exchange.res.json(await onFreeThread(store, thread.id, exchange.signal, fork));
  } finally {
    leave();
  }
}

async function forked(
  exchange: Exchange,
  thread: FoundThread,
  { checkpoint_id, run, ...edit }: z.infer<typeof ForkRequest>,
  lost: AbortSignal,
) {
  const threads = threadsOf(exchange);
  const view = await threads.view(thread.id, checkpoint_id);
  if (view === null) throw noSuchCheckpoint();
  const plan = threads.planOf(edit, view);
  if (plan !== undefined) checkPlan(exchange, threads, plan);
  const run_id = exchange.services.randomId().slice(0, 32);
  const fork = await threads.fork({ thread_id: thread.id, checkpoint_id: view.checkpoint_id, run_id, edit });
  if (fork === null) throw noSuchCheckpoint();
  const { question } = fork;
  const branch = { run_id, thread_id: thread.id, thread_key: thread.key, question };
  return {
    object: "thread.fork",
    thread_id: thread.key,
    ...fork,
    response: run ? await runBranch(exchange, branch, lost) : null,
  };
}

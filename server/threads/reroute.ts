/** `POST /responses/:id/reroute`: the same question under another plan, beside the stored answer. */
import { z } from "zod";
import { answerDiff } from "../../graphs/answer-diff.ts";
import type { ThreadView } from "../../graphs/thread-view.ts";
import type { Threads } from "../../graphs/threads.ts";
import { Plan } from "../../routing/plan.ts";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import { schemaProblem } from "../schema-problem.ts";
import { checkPlan } from "./check-plan.ts";
import { threadsOf } from "./find-thread.ts";
import { onFreeThread } from "./on-free-thread.ts";
import { runBranch } from "./run-branch.ts";

export const RerouteRequest = z
  .strictObject({
    /** The backends to ask instead. */
    backends: z.array(z.string()).min(1).max(8).optional(),
    /** Or a whole plan, as `POST /plan` returns it. */
    plan: Plan.optional(),
  })
  .refine(({ backends, plan }) => (backends === undefined) !== (plan === undefined), {
    error: "Give either 'backends' or 'plan'.",
  });

/** Threads of what-ifs are named after the thread that they branch from, and go with it. */
export const REROUTE_MARK = "#reroute-";

export async function reroute(exchange: Exchange): Promise<void> {
  const { services, caller, res } = exchange;
  const threads = threadsOf(exchange);
  const parsed = RerouteRequest.safeParse(exchange.json());
  if (!parsed.success) throw schemaProblem(parsed.error, exchange.json());
  const record = await services.store.responses.get(caller.subject, pathParam(exchange, "response_id"));
  if (record === null)
    throw new RequestError("response_not_found", "The response does not exist.", { param: "response_id" });
  const { checkpoint_id, thread_id } = record;
  const before = checkpoint_id === null ? null : await threads.view(thread_id, checkpoint_id);
  if (before === null) throw nothingKept();
  const plan = threads.planOf(parsed.data, before);
  if (plan === undefined) throw nothingKept();
  checkPlan(exchange, threads, plan);
  const leave = services.limits.enter(caller.subject, false);
  try {
    res.json(await rerouted(exchange, threads, { record, before, plan }));
  } finally {
    leave();
  }
}

interface Again {
  record: ResponseRecord;
  before: ThreadView;
  plan: Plan;
}

async function rerouted(exchange: Exchange, threads: Threads, { record, before, plan }: Again) {
  const { services, caller } = exchange;
  const { store } = services;
  const run_id = services.randomId().slice(0, 32);
  const thread_key = `${record.thread_key}${REROUTE_MARK}${run_id}`;
  const to = { thread_id: internalThreadId(caller.subject, thread_key), run_id };
  const from = { thread_id: record.thread_id, checkpoint_id: before.checkpoint_id };
  const branch = { ...to, thread_key, question: before.question };
  const { reused, body } = await onFreeThread(store, to.thread_id, exchange.signal, async (lost) => {
    // Known from the start, so that it goes with the thread that it copies, or holds up its end.
    await store.threads.touch(caller.subject, to.thread_id, thread_key);
    const copied = await threads.reroute({ owner: caller.subject, from, to, plan });
    if (copied !== null) return { reused: copied, body: await runBranch(exchange, branch, lost) };
    await store.deleteThread(caller.subject, to.thread_id);
    throw nothingKept();
  });
  const after = await threads.view(to.thread_id);
  return {
    object: "response.reroute",
    original: record.body,
    rerouted: body,
    reused,
    diff: after === null ? null : answerDiff(before, after),
  };
}

function nothingKept(): RequestError {
  return new RequestError("not_found", "The response left no checkpoint to start from.", {
    param: "response_id",
  });
}

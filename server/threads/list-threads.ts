/** `GET /threads`: the caller's conversations, last used first, each under its first question. */
import { z } from "zod";
import type { Caller } from "../../backends/caller.ts";
import type { ThreadPlace, ThreadRecord } from "../../store/threads.ts";
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import { trustedPeers } from "../identity/trusted-peers.ts";
import { internalThreadId } from "../responses/thread-key.ts";
import { schemaProblem } from "../schema-problem.ts";
import { questionOf } from "./question-of.ts";
import { REROUTE_MARK } from "./reroute.ts";

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().min(1).optional(),
});

/** Threads that are looked at for one page; some are not shown. */
const MOST_LOOKED_AT = 1_000;

const onThisMachine = trustedPeers(["127.0.0.0/8", "::1"]);

/** Unidentified callers cannot be told apart: only on the own machine are they taken for one person. */
export function seesList(
  { subject }: Pick<Caller, "subject">,
  request: { socket: { remoteAddress?: string } },
): boolean {
  return subject !== "anonymous" || onThisMachine(request);
}

export async function listThreads(exchange: Exchange): Promise<void> {
  const { req, res, caller } = exchange;
  const parsed = ListQuery.safeParse(req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, req.query);
  if (!seesList(caller, req)) {
    res.json({ object: "list", data: [], has_more: false, next: null });
    return;
  }
  const { limit, before } = parsed.data;
  const shown: object[] = [];
  let looked = 0;
  let last: ThreadRecord | undefined;
  let next: string | null = null;
  for await (const thread of threadsFrom(exchange, placeOf(exchange, before))) {
    if (last !== undefined && (shown.length === limit || looked === MOST_LOOKED_AT)) {
      next = `${last.touched_at}.${last.thread_key}`;
      break;
    }
    looked += 1;
    last = thread;
    const title = await titleOf(exchange, thread);
    if (title !== null) shown.push(wire(thread, title));
  }
  res.json({ object: "list", data: shown, has_more: next !== null, next });
}

const PAGE = 50;

async function* threadsFrom({ services, caller }: Exchange, before: ThreadPlace | undefined) {
  let last = before;
  for (;;) {
    const page = await services.store.threads.list(caller.subject, PAGE, last);
    yield* page;
    if (page.length < PAGE) return;
    last = page.at(-1);
  }
}

/** Null for what is no conversation: nothing was asked yet, or it is the what-if of another one. */
async function titleOf({ services, caller }: Exchange, thread: ThreadRecord): Promise<string | null> {
  if (thread.thread_key.includes(REROUTE_MARK)) return null;
  if (thread.title !== null) return thread.title;
  const { turns, responses } = services.store;
  const first = await turns.first(caller.subject, thread.thread_id);
  if (first !== null) return shortened(first.question);
  const [newest] = await responses.list(caller.subject, thread.thread_id, 1);
  return newest === undefined ? null : shortened(questionOf(newest) ?? "");
}

const LONGEST = 160;

function shortened(question: string): string {
  const line = question.replace(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1).trimEnd()}…` : line;
}

function wire({ thread_key, created_at, touched_at }: ThreadRecord, title: string) {
  return {
    id: thread_key,
    object: "thread",
    title,
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(touched_at).toISOString(),
  };
}

/** `before` is `next` of the page before. */
function placeOf({ caller }: Exchange, before: string | undefined): ThreadPlace | undefined {
  if (before === undefined) return undefined;
  const [, time, key] = /^(\d{1,15})\.(.+)$/s.exec(before) ?? [];
  if (time !== undefined && key !== undefined)
    return { touched_at: Number(time), thread_id: internalThreadId(caller.subject, key) };
  const message = "Invalid 'before': it is `next` of the page before.";
  throw new RequestError("invalid_value", message, { param: "before" });
}

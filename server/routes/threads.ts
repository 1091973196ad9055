/** Threads: where one stands, how it got there, what-if from any point, and its end. */
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";
import { findThread, noSuchCheckpoint, threadsOf } from "../threads/find-thread.ts";
import { fork, ForkRequest } from "../threads/fork.ts";
import { listThreads } from "../threads/list-threads.ts";
import { listTurns } from "../threads/list-turns.ts";
import { removeThread } from "../threads/remove-thread.ts";
import { reroute, RerouteRequest } from "../threads/reroute.ts";
import { type Route, versioned } from "./route.ts";

const StateQuery = z.object({ checkpoint_id: z.string().min(1).optional() });

const HistoryQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().min(1).optional(),
});

export const THREAD_ROUTES: readonly Route[] = [
  {
    method: "get",
    paths: versioned("/threads"),
    summary: "The caller's conversations, last used first, each under its first question.",
    query: { limit: "1 to 100; 20 by default.", before: "`next` of the page before." },
    produces: ["application/json"],
    handle: listThreads,
  },
  {
    method: "get",
    paths: versioned("/threads/:thread_id"),
    summary: "Where a thread stands: question, plan, findings, answer, and what it waits for.",
    query: { checkpoint_id: "Another checkpoint than the newest." },
    produces: ["application/json"],
    handle: getThread,
  },
  {
    method: "get",
    paths: versioned("/threads/:thread_id/turns"),
    summary: "The questions of a thread with their stored responses, newest first.",
    query: { limit: "1 to 100; 20 by default.", before: "Id of the last response of the page before." },
    produces: ["application/json"],
    handle: listTurns,
  },
  {
    method: "get",
    paths: versioned("/threads/:thread_id/history"),
    summary: "Every checkpoint of a thread with nodes, time and cost, newest first.",
    query: { limit: "1 to 100; 20 by default.", before: "Only checkpoints before this one." },
    produces: ["application/json"],
    handle: getHistory,
  },
  {
    method: "post",
    paths: versioned("/threads/:thread_id/fork"),
    summary: "Go on from any checkpoint with another question, memory, plan or route.",
    body: { name: "ForkThread", schema: ForkRequest },
    produces: ["application/json"],
    traced: true,
    handle: fork,
  },
  {
    method: "delete",
    paths: versioned("/threads/:thread_id"),
    summary:
      "Remove a thread with every trace of it. Its runs in the background are cancelled; 409 while others go on.",
    produces: ["application/json"],
    handle: deleteThread,
  },
  {
    method: "post",
    paths: versioned("/responses/:response_id/reroute"),
    summary:
      "What if it had gone elsewhere: the same question under another plan, with both answers compared.",
    body: { name: "RerouteResponse", schema: RerouteRequest },
    produces: ["application/json"],
    traced: true,
    handle: reroute,
  },
];

async function getThread(exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const parsed = StateQuery.safeParse(req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, req.query);
  const thread = await findThread(exchange);
  const view = await threadsOf(exchange).view(thread.id, parsed.data.checkpoint_id);
  if (view === null) throw noSuchCheckpoint();
  res.json({ id: thread.key, object: "thread", ...view });
}

async function getHistory(exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  const parsed = HistoryQuery.safeParse(req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, req.query);
  const thread = await findThread(exchange);
  const { entries, has_more } = await threadsOf(exchange).history(thread.id, parsed.data);
  res.json({ object: "list", data: entries, has_more });
}

async function deleteThread(exchange: Exchange): Promise<void> {
  const thread = await findThread(exchange);
  await removeThread(exchange, thread);
  exchange.res.json({ id: thread.key, object: "thread", deleted: true });
}

/** Threads of LangGraph's API: the same threads that `/responses` goes on with, by the names their clients gave them. */
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../routes/route.ts";
import { findThread } from "../threads/find-thread.ts";
import { removeThread } from "../threads/remove-thread.ts";
import { CreateThread, createThread } from "./create-thread.ts";
import { AtCheckpoint, getHistory, getState, HistoryRequest, postHistory, postState } from "./look-back.ts";
import { parsedBody } from "./parsed-body.ts";
import { portOf } from "./port-of.ts";
import { countThreads, SearchThreads, searchThreads } from "./search-threads.ts";
import { showThread } from "./show-thread.ts";
import { ownMetadata, ThreadMetadata } from "./thread-metadata.ts";
import { UpdateState, updateState } from "./update-state.ts";

const PatchThread = z.strictObject({ metadata: ThreadMetadata.nullish(), ttl: z.null().optional() });

const JSON_ONLY = ["application/json"] as const;
const AT = "/langgraph/threads";
const ONE = `${AT}/:thread_id`;

export const LANGGRAPH_THREAD_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: [AT],
    summary: "Create a thread, empty until its first run.",
    body: { name: "CreateThread", schema: CreateThread },
    produces: JSON_ONLY,
    handle: createThread,
  },
  {
    method: "post",
    paths: [`${AT}/search`],
    summary: "The caller's threads, those of `/responses` included, by id, metadata and status.",
    body: { name: "SearchThreads", schema: SearchThreads },
    produces: JSON_ONLY,
    handle: searchThreads,
  },
  {
    method: "post",
    paths: [`${AT}/count`],
    summary: "How many threads the same search finds.",
    body: { name: "SearchThreads", schema: SearchThreads },
    produces: JSON_ONLY,
    handle: countThreads,
  },
  {
    method: "get",
    paths: [ONE],
    summary: "A thread with its status, values and interrupts.",
    produces: JSON_ONLY,
    handle: async (exchange) => showThread(exchange, await findThread(exchange)),
  },
  {
    method: "patch",
    paths: [ONE],
    summary: "Add to the metadata of a thread.",
    body: { name: "PatchThread", schema: PatchThread },
    produces: JSON_ONLY,
    handle: patchThread,
  },
  {
    method: "delete",
    paths: [ONE],
    summary:
      "Remove a thread with every trace of it. Its runs in the background are cancelled; 409 while others go on.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      await removeThread(exchange, await findThread(exchange));
      exchange.res.status(204).end();
    },
  },
  {
    method: "get",
    paths: [`${ONE}/state`, `${ONE}/state/:checkpoint_id`],
    summary: "The state of a thread, now or at a checkpoint.",
    produces: JSON_ONLY,
    handle: getState,
  },
  {
    method: "post",
    paths: [`${ONE}/state/checkpoint`],
    summary: "The state of a thread at a checkpoint.",
    body: { name: "StateAtCheckpoint", schema: AtCheckpoint },
    produces: JSON_ONLY,
    handle: postState,
  },
  {
    method: "post",
    paths: [`${ONE}/state`],
    summary: "Write another question, options, memory or plan as a new checkpoint to run from.",
    body: { name: "UpdateState", schema: UpdateState },
    produces: JSON_ONLY,
    handle: updateState,
  },
  {
    method: "get",
    paths: [`${ONE}/history`],
    summary: "States of a thread, newest first.",
    query: { limit: "1 to 1000; 10 by default.", before: "Only checkpoints before this one." },
    produces: JSON_ONLY,
    handle: getHistory,
  },
  {
    method: "post",
    paths: [`${ONE}/history`],
    summary: "States of a thread, newest first.",
    body: { name: "ThreadHistory", schema: HistoryRequest },
    produces: JSON_ONLY,
    handle: postHistory,
  },
];

async function patchThread(exchange: Exchange): Promise<void> {
  const change = ownMetadata(parsedBody(exchange, PatchThread).metadata);
  const thread = await findThread(exchange);
  const { services, caller } = exchange;
  const record = await services.store.threads.get(caller.subject, thread.id);
  const metadata = { ...record?.metadata, ...change };
  await portOf(exchange).setMetadata(caller.subject, thread.id, metadata);
  await showThread(exchange, thread);
}

/** State and history of a thread, as LangGraph's API asks for them. */
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import { pathParam } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";
import { findThread, noSuchCheckpoint } from "../threads/find-thread.ts";
import { Checkpoint, CheckpointName, checkpointId } from "./checkpoint.ts";
import { parsedBody } from "./parsed-body.ts";
import { portOf } from "./port-of.ts";
import { sendJson } from "./show-thread.ts";
import { emptyState, threadState } from "./thread-state.ts";

export const AtCheckpoint = z.object({
  checkpoint: Checkpoint.nullish(),
  subgraphs: z.boolean().nullish(),
});

export const HistoryRequest = z.object({
  limit: z.coerce.number().int().min(1).max(1_000).default(10),
  before: CheckpointName.nullish(),
  metadata: z
    .strictObject({ source: z.enum(["input", "loop", "update", "fork"]), step: z.number().int() })
    .partial()
    .nullish(),
  /** Names a subgraph in LangGraph's API, and this graph has none. */
  checkpoint: Checkpoint.nullish(),
});

export async function getState(exchange: Exchange): Promise<void> {
  await showState(exchange, pathParam(exchange, "checkpoint_id") || undefined);
}

export async function postState(exchange: Exchange): Promise<void> {
  await showState(exchange, checkpointId(parsedBody(exchange, AtCheckpoint).checkpoint));
}

export async function getHistory(exchange: Exchange): Promise<void> {
  const parsed = HistoryRequest.safeParse(exchange.req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, exchange.req.query);
  await showHistory(exchange, parsed.data);
}

export async function postHistory(exchange: Exchange): Promise<void> {
  await showHistory(exchange, parsedBody(exchange, HistoryRequest));
}

async function showState(exchange: Exchange, checkpoint_id: string | undefined): Promise<void> {
  const thread = await findThread(exchange);
  const snapshot = await portOf(exchange).graph.state(thread.id, checkpoint_id);
  if (snapshot === null && checkpoint_id !== undefined) throw noSuchCheckpoint();
  sendJson(exchange, snapshot === null ? emptyState(thread) : threadState(snapshot, thread), thread);
}

async function showHistory(exchange: Exchange, asked: z.infer<typeof HistoryRequest>): Promise<void> {
  const thread = await findThread(exchange);
  const before = checkpointId(asked.before);
  const page = {
    limit: asked.limit,
    ...(before === undefined ? {} : { before }),
    ...(asked.metadata ? { filter: asked.metadata } : {}),
  };
  const snapshots = await portOf(exchange).graph.history(thread.id, page);
  const states = snapshots.map((snapshot) => threadState(snapshot, thread));
  sendJson(exchange, states, thread);
}

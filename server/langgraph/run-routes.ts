/** Runs of LangGraph's API: streamed, waited for, or in the background. Each is kept as a response of its thread. */
import { z } from "zod";
import { endRun } from "../background/stop-run.ts";
import type { Exchange } from "../exchange.ts";
import type { Route } from "../routes/route.ts";
import { runIdOf } from "../responses/item-ids.ts";
import { schemaProblem } from "../schema-problem.ts";
import { findThread } from "../threads/find-thread.ts";
import { cancelRun, joinRun, joinRunStream } from "./background-run.ts";
import { findRun } from "./find-run.ts";
import { portOf } from "./port-of.ts";
import { runObject, type RunStatus } from "./run-object.ts";
import { RunRequest } from "./run-request.ts";
import { sendJson } from "./show-thread.ts";
import { createRun, streamAlone, streamOnThread, waitAlone, waitOnThread } from "./start-run.ts";

const JSON_ONLY = ["application/json"] as const;
const EVENTS = ["text/event-stream"] as const;
const BODY = { name: "CreateRun", schema: RunRequest };
const ON = "/langgraph/threads/:thread_id/runs";
const ONE = `${ON}/:run_id`;

const started = (
  path: string,
  summary: string,
  produces: readonly string[],
  handle: Route["handle"],
): Route => ({
  method: "post",
  paths: [path],
  summary,
  body: BODY,
  produces,
  traced: true,
  handle,
});

export const RUN_ROUTES: readonly Route[] = [
  started(`${ON}/stream`, "Run on a thread, streamed in the modes of `stream_mode`.", EVENTS, streamOnThread),
  started(
    `${ON}/wait`,
    "Run on a thread and answer with the values that it ends with.",
    JSON_ONLY,
    waitOnThread,
  ),
  started(ON, "Run on a thread in the background.", JSON_ONLY, createRun),
  started("/langgraph/runs/stream", "Run without a thread, streamed.", EVENTS, streamAlone),
  started("/langgraph/runs/wait", "Run without a thread and answer with its values.", JSON_ONLY, waitAlone),
  {
    method: "get",
    paths: [ON],
    summary: "Runs of a thread that ended or are in the background, newest first.",
    query: { limit: "1 to 100; 10 by default.", offset: "Runs to leave out.", status: "Only these." },
    produces: JSON_ONLY,
    handle: listRuns,
  },
  {
    method: "get",
    paths: [ONE],
    summary: "One run with its status.",
    produces: JSON_ONLY,
    handle: async (exchange) => {
      const { thread, record } = await findRun(exchange);
      sendJson(exchange, await runObject(exchange, record), thread);
    },
  },
  {
    method: "delete",
    paths: [ONE],
    summary: "Remove what was kept of a run.",
    produces: JSON_ONLY,
    handle: deleteRun,
  },
  {
    method: "get",
    paths: [`${ONE}/join`],
    summary: "Wait for the end of a run; answers with the values that it ended with.",
    produces: JSON_ONLY,
    handle: joinRun,
  },
  {
    method: "get",
    paths: [`${ONE}/stream`],
    summary: "Wait for the end of a run, as a stream of its last values.",
    produces: EVENTS,
    handle: joinRunStream,
  },
  {
    method: "post",
    paths: [`${ONE}/cancel`],
    summary: "Cancel a run in the background.",
    query: { wait: "`1` answers 204 instead of 202; both wait a few seconds.", action: "`interrupt`." },
    produces: JSON_ONLY,
    handle: cancelRun,
  },
];

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(10),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
  status: z.string().optional(),
});

async function listRuns(exchange: Exchange): Promise<void> {
  const parsed = ListQuery.safeParse(exchange.req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, exchange.req.query);
  const { limit, offset, status } = parsed.data;
  const thread = await findThread(exchange);
  const { responsesOf } = portOf(exchange);
  const records = await responsesOf(exchange.caller.subject, thread.id, MOST_RUNS);
  const runs = await Promise.all(records.map((record) => runObject(exchange, record)));
  const found = runs.filter((run) => status === undefined || run.status === (status as RunStatus));
  sendJson(exchange, found.slice(offset, offset + limit), thread);
}

/** The newest runs of a thread that are looked at. */
const MOST_RUNS = 1_000;

async function deleteRun(exchange: Exchange): Promise<void> {
  const { record } = await findRun(exchange);
  const { services, caller, res } = exchange;
  if (record.body.background === true) await endRun(services, caller.subject, runIdOf(record.id));
  await services.store.responses.delete(caller.subject, record.id);
  res.status(204).end();
}

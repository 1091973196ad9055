/** Responses: create, fetch, delete, input items, cancel. */
import { z } from "zod";
import { showResponse } from "../background/show-response.ts";
import { endRun, stopRun } from "../background/stop-run.ts";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { createResponse } from "../responses/create-response.ts";
import { Delivery } from "../responses/delivery.ts";
import { CreateRequest } from "../responses/request-schema.ts";
import { runIdOf } from "../responses/item-ids.ts";
import { schemaProblem } from "../schema-problem.ts";
import { getEvidence } from "./evidence.ts";
import { itemList, PAGE_QUERY, pageRequest, pageOf } from "./item-list.ts";
import { type Route, versioned } from "./route.ts";

const GetQuery = z.object({
  stream: z.stringbool().default(false),
  starting_after: z.coerce.number().int().min(0).max(1e9).optional(),
});

export const RESPONSE_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: ["/invocations", ...versioned("/responses")],
    summary: "Ask a question; streamed with `stream: true`.",
    body: { name: "CreateResponse", schema: CreateRequest },
    produces: ["application/json", "text/event-stream"],
    traced: true,
    handle: createResponse,
  },
  {
    method: "get",
    paths: versioned("/responses/:response_id"),
    summary:
      "Fetch a stored response; `stream=true` sends its events, of a background run also those to come.",
    query: {
      stream: "`true` sends the events, old ones first.",
      starting_after: "Only events after this sequence number.",
    },
    produces: ["application/json", "text/event-stream"],
    handle: getResponse,
  },
  {
    method: "delete",
    paths: versioned("/responses/:response_id"),
    summary: "Delete a stored response.",
    produces: ["application/json"],
    handle: deleteResponse,
  },
  {
    method: "post",
    paths: versioned("/responses/:response_id/cancel"),
    summary: "Cancel a background response.",
    produces: ["application/json"],
    handle: cancelResponse,
  },
  {
    method: "get",
    paths: versioned("/responses/:response_id/input_items"),
    summary: "List the input items of a stored response.",
    query: PAGE_QUERY,
    produces: ["application/json"],
    handle: listInputItems,
  },
  {
    method: "get",
    paths: versioned("/responses/:response_id/evidence/:evidence_id"),
    summary: "Fetch the evidence behind a citation of a stored response.",
    produces: ["application/json"],
    handle: getEvidence,
  },
];

async function getResponse(exchange: Exchange): Promise<void> {
  const parsed = GetQuery.safeParse(exchange.req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, exchange.req.query);
  const { stream, starting_after: after } = parsed.data;
  if (after !== undefined && !stream) {
    throw new RequestError("invalid_value", "'starting_after' needs 'stream=true'.", {
      param: "starting_after",
    });
  }
  await showResponse(exchange, await findResponse(exchange), new Delivery(exchange, stream), after);
}

async function deleteResponse(exchange: Exchange): Promise<void> {
  const { id, body } = await findResponse(exchange);
  if (body.background === true) await endRun(exchange.services, exchange.caller.subject, runIdOf(id));
  const deleted = await exchange.services.store.responses.delete(exchange.caller.subject, id);
  if (!deleted) throw noSuchResponse();
  exchange.res.json({ id, object: "response", deleted: true });
}

async function cancelResponse(exchange: Exchange): Promise<void> {
  const { id, body } = await findResponse(exchange);
  if (body.background !== true) {
    throw new RequestError("invalid_value", "Only a background response can be cancelled.", {
      param: "response_id",
    });
  }
  await stopRun(exchange.services, exchange.caller.subject, runIdOf(id));
  await showResponse(exchange, await findResponse(exchange), new Delivery(exchange, false));
}

async function listInputItems(exchange: Exchange): Promise<void> {
  const page = pageRequest(exchange.req.query);
  const { input } = await findResponse(exchange);
  exchange.res.json(itemList(pageOf(input, page)));
}

async function findResponse(exchange: Exchange): Promise<ResponseRecord> {
  const id = pathParam(exchange, "response_id");
  const record = await exchange.services.store.responses.get(exchange.caller.subject, id);
  if (record === null) throw noSuchResponse();
  return record;
}

function noSuchResponse(): RequestError {
  return new RequestError("response_not_found", "The response does not exist.", { param: "response_id" });
}

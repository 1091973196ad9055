/** `GET /threads/:id/turns`: a conversation to read: each question with its whole response, newest first. */
import { z } from "zod";
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { schemaProblem } from "../schema-problem.ts";
import { findThread, noSuchTurn } from "./find-thread.ts";
import { questionOf } from "./question-of.ts";

const ListQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  before: z.string().min(1).optional(),
});

export async function listTurns(exchange: Exchange): Promise<void> {
  const { req, res, services, caller } = exchange;
  const parsed = ListQuery.safeParse(req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, req.query);
  const { limit, before } = parsed.data;
  const { id } = await findThread(exchange);
  const { responses } = services.store;
  const last = before === undefined ? undefined : await responses.get(caller.subject, before);
  if (last === null) throw noSuchTurn();
  const page = await responses.list(caller.subject, id, limit + 1, last);
  res.json({ object: "list", data: page.slice(0, limit).map(wire), has_more: page.length > limit });
}

/** `created_at` is ISO 8601: when the response was kept. */
function wire(record: ResponseRecord) {
  return {
    id: record.id,
    object: "thread.turn",
    question: questionOf(record),
    created_at: new Date(record.created_at).toISOString(),
    response: record.body,
  };
}

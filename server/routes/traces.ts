/** The local trace store over HTTP: each caller sees what came of the own questions. */
import { z } from "zod";
import type { TraceSummary } from "../../store/traces.ts";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";
import { schemaProblem } from "../schema-problem.ts";
import type { Watch } from "../watch.ts";
import type { Route } from "./route.ts";

const ListQuery = z.object({ limit: z.coerce.number().int().min(1).max(200).default(20) });

export const TRACE_ROUTES: readonly Route[] = [
  {
    method: "get",
    paths: ["/traces"],
    summary: "The traces of the caller's own requests, newest first.",
    query: { limit: "Most traces, 1 to 200; 20 by default." },
    produces: ["application/json"],
    handle: list,
  },
  {
    method: "get",
    paths: ["/traces/:trace_id"],
    summary: "One trace with all its spans, by trace id or response id.",
    produces: ["application/json"],
    handle: get,
  },
];

async function list({ req, res, services, caller }: Exchange): Promise<void> {
  const parsed = ListQuery.safeParse(req.query);
  if (!parsed.success) throw schemaProblem(parsed.error, req.query);
  const traces = (await services.watch?.traces.list(caller.subject, parsed.data.limit)) ?? [];
  res.json({ object: "list", data: traces.map((trace) => wire(trace, services.watch)) });
}

async function get(exchange: Exchange): Promise<void> {
  const { res, services, caller } = exchange;
  const found = await services.watch?.traces.get(caller.subject, pathParam(exchange, "trace_id"));
  if (found === null || found === undefined) {
    throw new RequestError("not_found", "The trace does not exist.", { param: "trace_id" });
  }
  res.json({ ...wire(found.summary, services.watch), spans: found.spans });
}

function wire({ id, owner: _, ...trace }: TraceSummary, watch: Watch | undefined) {
  return { id, object: "trace", trace_id: watch?.traceId(id) ?? id, ...trace };
}

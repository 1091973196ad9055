/** What a citation of a stored response points to: the whole table with its statement, or the passage. */
import { z } from "zod";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";

/** The references that a response's body carries (`nodes/state.ts`, `EvidenceRef`). */
const References = z.object({
  custom_outputs: z.object({
    backend_calls: z.array(
      z.object({ evidence: z.array(z.object({ id: z.string(), hash: z.string() })).default([]) }),
    ),
  }),
});

/** 404 for anyone but the response's owner, and for evidence that retention has removed. */
export async function getEvidence(exchange: Exchange): Promise<void> {
  const { res, services, caller } = exchange;
  const record = await services.store.responses.get(caller.subject, pathParam(exchange, "response_id"));
  const references = References.safeParse(record?.body);
  const wanted = references.data?.custom_outputs.backend_calls
    .flatMap((call) => call.evidence)
    .find(({ id }) => id === pathParam(exchange, "evidence_id"));
  if (record === null || wanted === undefined) throw noSuchEvidence();
  const value = await services.evidence?.(caller.subject, record.thread_id).get(wanted.hash);
  if (value === undefined || value === null) throw noSuchEvidence();
  res.json(value);
}

function noSuchEvidence(): RequestError {
  return new RequestError("not_found", "The evidence does not exist.", { param: "evidence_id" });
}

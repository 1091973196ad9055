/** Answers `generate: false`, the warm-up of the WebSocket transport: the input is kept under an id, nothing is run. */
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { ResponseRecord } from "../../store/responses.ts";
import { Delivery } from "./delivery.ts";
import { responseId, storedInput } from "./item-ids.ts";
import { newEncoder } from "./new-encoder.ts";
import type { ParsedRequest } from "./parse-request.ts";
import { findPrevious } from "./prepare-turn.ts";
import type { ResponseBody } from "./response-body.ts";
import type { ResponseWishes } from "./response-wishes.ts";
import { internalThreadId, statedThreadKey } from "./thread-key.ts";

/** The response is completed and empty; a later one continues it by `previous_response_id`. */
export async function warmUp(
  exchange: Exchange,
  request: ParsedRequest,
  wishes: ResponseWishes,
): Promise<void> {
  if (request.conversation) throw refused("conversation");
  if (request.background === true) throw refused("background");
  const { services, caller } = exchange;
  const { store, randomId } = services;
  const previous = await findPrevious(store, caller.subject, request);
  const runId = randomId().slice(0, 32);
  const key = statedThreadKey(request) ?? previous?.thread_key ?? `thread_${randomId().slice(0, 32)}`;
  const kept = request.store !== false;
  const named = {
    response_id: responseId(runId),
    run_id: runId,
    store: kept,
    thread_key: key,
    conversation_id: null,
  };
  const delivery = new Delivery(exchange, wishes.stream);
  const encoder = newEncoder(exchange, request, wishes, named, delivery.sink);
  encoder.start();
  const body = encoder.finish(NOTHING);
  if (kept) await store.responses.save(recordOf(exchange, { request, key, runId, previous, body }));
  delivery.deliver(encoder, { body, failure: null }, undefined);
}

interface Kept {
  request: ParsedRequest;
  key: string;
  runId: string;
  previous: ResponseRecord | null;
  body: ResponseBody;
}

/** Without a checkpoint: whoever continues it starts from the messages. */
function recordOf(
  { services, caller }: Exchange,
  { request, key, runId, previous, body }: Kept,
): ResponseRecord {
  return {
    id: body.id,
    owner: caller.subject,
    thread_id: internalThreadId(caller.subject, key),
    thread_key: key,
    checkpoint_id: null,
    previous_response_id: previous?.id ?? null,
    conversation_id: null,
    status: "completed",
    created_at: services.clock(),
    body: JSON.parse(JSON.stringify(body)) as ResponseRecord["body"],
    input: storedInput(request.input, runId),
  };
}

const NOTHING = {
  status: "completed" as const,
  answer: null,
  plan: null,
  findings: [],
  usage: [],
  failure: null,
  approvals: [],
  checkpoint_id: null,
};

function refused(param: string): RequestError {
  return new RequestError("unsupported_parameter", `'${param}' has no meaning with 'generate: false'.`, {
    param,
  });
}

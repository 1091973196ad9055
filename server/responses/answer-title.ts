/** Answers the chat UI's request for a title: no graph, no thread, nothing kept. */
import type { Exchange } from "../exchange.ts";
import { Delivery } from "./delivery.ts";
import { responseId } from "./item-ids.ts";
import { newEncoder } from "./new-encoder.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { ResponseWishes } from "./response-wishes.ts";
import { shortTitle, titleResult, titleSource } from "./title.ts";

export async function answerTitle(
  exchange: Exchange,
  request: ParsedRequest,
  wishes: ResponseWishes,
): Promise<void> {
  const { services, signal } = exchange;
  const text = titleSource(request.input);
  const written = await services.writeTitle?.(text, signal).catch((error: unknown) => {
    exchange.log.warn({ err: error }, "the model wrote no title");
    return undefined;
  });
  const runId = services.randomId().slice(0, 32);
  const delivery = new Delivery(exchange, wishes.stream);
  const keepNothing = {
    response_id: responseId(runId),
    run_id: runId,
    store: false,
    thread_key: null,
    conversation_id: null,
  };
  const encoder = newEncoder(exchange, request, wishes, keepNothing, delivery.sink);
  encoder.start();
  const body = encoder.finish(titleResult(written ?? shortTitle(text)));
  delivery.deliver(encoder, { body, failure: null }, undefined);
}

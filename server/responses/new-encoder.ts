/** The encoder of one response, from the request and what headers and route wish. */
import type { Exchange } from "../exchange.ts";
import { ResponseEncoder } from "./encoder.ts";
import type { FrameSink } from "./event-writer.ts";
import type { ParsedRequest } from "./parse-request.ts";
import type { PreparedTurn } from "./prepare-turn.ts";
import { openBody } from "./response-body.ts";
import type { ResponseWishes } from "./response-wishes.ts";

type Named = Pick<PreparedTurn, "response_id" | "run_id" | "store" | "conversation_id"> & {
  thread_key: string | null;
};

export function newEncoder(
  exchange: Exchange,
  request: ParsedRequest,
  wishes: ResponseWishes,
  named: Named,
  sink: FrameSink | null,
): ResponseEncoder {
  const { services } = exchange;
  return new ResponseEncoder({
    runId: named.run_id,
    ...(wishes.returnTrace ? { traceId: () => services.traceId?.(named.run_id) } : {}),
    backendItems: wishes.backendItems,
    extraEvents: wishes.extraEvents,
    clock: services.clock,
    sink,
    body: openBody({
      id: named.response_id,
      created_at: services.clock(),
      model: request.model || services.config.server.model_name,
      store: named.store,
      thread_key: named.thread_key,
      conversation_id: named.conversation_id,
      request,
    }),
  });
}

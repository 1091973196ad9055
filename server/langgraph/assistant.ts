/** The one assistant of this server: the compiled graph under the id that LangGraph's own server would give it. */
import { v5 } from "@langchain/core/utils/uuid";
import { RequestError } from "../errors.ts";
import { pathParam, type Exchange } from "../exchange.ts";

export const GRAPH_ID = "orchestrator";

/** UUID version 5 of the graph's name in the namespace that LangGraph's server uses. */
export const ASSISTANT_ID = v5(GRAPH_ID, "6ba7b821-9dad-11d1-80b4-00c04fd430c8");

/** It comes with the program, not from a client, so that it has no time of its own. */
const MADE_AT = "1970-01-01T00:00:00.000Z";

export function assistantOf({ services }: Pick<Exchange, "services">) {
  const { name, description } = services.config;
  return {
    assistant_id: ASSISTANT_ID,
    graph_id: GRAPH_ID,
    name,
    description,
    version: 1,
    config: {},
    context: {},
    metadata: { created_by: "system" },
    created_at: MADE_AT,
    updated_at: MADE_AT,
  };
}

export function requireAssistant(id: string): void {
  if (id === GRAPH_ID || id === ASSISTANT_ID) return;
  throw new RequestError("not_found", `The assistant does not exist; this server has '${GRAPH_ID}'.`, {
    param: "assistant_id",
  });
}

export function requireAssistantInPath(exchange: Exchange): void {
  requireAssistant(pathParam(exchange, "assistant_id"));
}

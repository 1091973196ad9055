/** The port of a request's server. */
import { RequestError } from "../errors.ts";
import type { Exchange } from "../exchange.ts";
import type { LangGraphPort } from "./port.ts";

/** The routes are only mounted by configuration; a server that is built without the port cannot serve them. */
export function portOf({ services }: Pick<Exchange, "services">): LangGraphPort {
  const { langgraph } = services;
  if (langgraph === undefined) throw new RequestError("unknown_url", "This server has no graph to show.");
  return langgraph;
}

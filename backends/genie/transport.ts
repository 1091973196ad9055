/** How a Genie space is spoken to; managed MCP and REST look the same from here. */
import type { Scope } from "../http/scope.ts";
import type { GenieMessage, GenieResult } from "./genie-message.ts";

export interface GenieTransport {
  readonly name: "mcp" | "rest";
  /** Puts the question as it stands. */
  ask(scope: Scope, question: string, conversation_id: string | undefined): Promise<GenieMessage>;
  poll(scope: Scope, conversation_id: string, message_id: string): Promise<GenieMessage>;
}

/** What only REST can do, whoever asked the question. */
export interface GenieRows {
  /** Rows of the message's query; null when they are gone and must be computed again. */
  fetch(scope: Scope, message: GenieMessage): Promise<GenieResult | null>;
  /** Runs the query again and waits for its rows. Throws `expired` when they cannot be had. */
  rerun(scope: Scope, message: GenieMessage): Promise<GenieResult>;
}

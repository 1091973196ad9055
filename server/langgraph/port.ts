/** What LangGraph's own API needs beyond what the other routes use. */
import type { Json } from "../../backends/backend.ts";
import type { GraphAccess } from "../../graphs/graph-access.ts";
import type { ResponseRecord } from "../../store/responses.ts";

export interface LangGraphPort {
  graph: GraphAccess;
  /** Creates the thread or marks it as used now. */
  touchThread: (owner: string, threadId: string, threadKey: string) => Promise<void>;
  setMetadata: (owner: string, threadId: string, metadata: Record<string, Json>) => Promise<boolean>;
  /** Responses of the thread, newest first. */
  responsesOf: (owner: string, threadId: string, limit: number) => Promise<ResponseRecord[]>;
}

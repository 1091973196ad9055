/** What LangGraph's own API needs beyond what the other routes use. */
import type { GraphAccess } from "../../graphs/graph-access.ts";
import type { ResponseRecord } from "../ports.ts";

export interface LangGraphPort {
  graph: GraphAccess;
  /** Creates the thread or marks it as used now. */
  touchThread: (owner: string, threadId: string, threadKey: string) => Promise<void>;
  setTitle: (owner: string, threadId: string, title: string) => Promise<boolean>;
  /** Responses of the thread, newest first. */
  responsesOf: (owner: string, threadId: string, limit: number) => Promise<ResponseRecord[]>;
}

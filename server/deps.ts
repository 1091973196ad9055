/** Everything the app is built from. `createApp` reads no environment and opens nothing by itself. */
import type { IncomingMessage } from "node:http";
import type { Logger } from "pino";
import type { Backend, Json } from "../backends/backend.ts";
import type { Caller } from "../backends/caller.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import type { TurnContext, TurnInput, TurnResult } from "../graphs/run.ts";
import type { Threads } from "../graphs/threads.ts";
import type { Plan } from "../routing/plan.ts";
import type { BackgroundRuns } from "./background/background-runs.ts";
import type { LangGraphPort } from "./langgraph/port.ts";
import type { ResponseStore } from "./ports.ts";
import type { StepHistory } from "./step-history.ts";
import type { Watch } from "./watch.ts";

/** The compiled graph as the server sees it. */
export interface Orchestrator {
  /** Throws only for bugs and for the abort of `context.signal`. */
  runTurn(input: TurnInput, context: TurnContext): Promise<TurnResult>;
  planOnly(input: TurnInput, context: TurnContext): Promise<Plan>;
  readonly backends: ReadonlyMap<string, Backend>;
  /** Mermaid source. */
  drawMermaid(): Promise<string>;
  /** Nodes and edges. */
  drawJson(): Promise<unknown>;
}

export interface ServerDeps {
  config: OrchestratorConfig;
  orchestrator: Orchestrator;
  store: ResponseStore;
  /** Rows and documents by hash, kept per owner and internal thread; without it no evidence is handed out. */
  evidence?: (owner: string, threadId: string) => { get(hash: string): Promise<Json | null> };
  /** Who asks; throws `RequestError` for callers that may not. Without it everyone is `anonymous`. */
  identify?: (request: IncomingMessage) => Promise<Caller>;
  /** Looking back and what-if; without it the thread routes find nothing. */
  threads?: Threads;
  /** What LangGraph's own API needs, where the configuration serves it. */
  langgraph?: LangGraphPort;
  /** Writes a short title for a chat; without it the title is cut from the user's words. */
  writeTitle?: (text: string, signal: AbortSignal) => Promise<string>;
  /** Background runs; without it they run in this app alone, and none is taken over. */
  background?: BackgroundRuns;
  /** What calls took so far; without it nothing is expected of a plan. */
  history?: StepHistory;
  logger: Logger;
  /** Epoch milliseconds. */
  clock: () => number;
  /** Lower-case hex, at least 32 characters. */
  randomId: () => string;
  /** Name in `/agent/info` (`DATABRICKS_APP_NAME`). */
  appName?: string;
  /** Folder of the page that is served at `/`. */
  webRoot?: string;
  /** The trace of a run in the tracing backend, for clients that ask for it. */
  traceId?: (runId: string) => string | undefined;
  /** Spans and what is read from them; without it nothing is recorded. */
  watch?: Watch;
}

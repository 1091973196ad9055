/** What the routes share: the company behind them, who may call, what was called, what is switched on. */
import type { AppDesk } from "./apps/desk.ts";
import type { Company } from "./company/contract.ts";
import type { GenieStore } from "./genie/store.ts";
import type { CallLog } from "./http/calls.ts";
import type { FaultBook } from "./http/faults.ts";
import type { TokenDesk } from "./identity/tokens.ts";
import type { McpSessions } from "./mcp/sessions.ts";
import type { TraceExport } from "./mlflow/trace-export.ts";
import type { ModelScript } from "./model/script.ts";
import type { StatementStore } from "./sql/statements.ts";
import type { Switches } from "./switches.ts";

export interface SandboxState {
  company: Company;
  tokens: TokenDesk;
  calls: CallLog;
  faults: FaultBook;
  switches: Switches;
  apps: AppDesk;
  genie: GenieStore;
  sessions: McpSessions;
  statements: StatementStore;
  /** Trace exports as received, oldest first. */
  exports: TraceExport[];
  model: ModelScript;
  /** An OpenAI-compatible base URL (ending in `/v1`), instead of the scripted model. */
  modelUrl: string | undefined;
  /** The workspace's own URL, without a slash at the end. */
  host(): string;
  loginUrl(): string;
}

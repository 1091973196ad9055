/** The sandbox workspace: one loopback server that speaks the Databricks wire contracts, and one app beside it. */
import express, { type Express } from "express";
import { adminRoutes } from "./admin/routes.ts";
import { createAgentApp } from "./apps/agent.ts";
import { openAppDesk, type AppDesk } from "./apps/desk.ts";
import { appsRoutes } from "./apps/routes.ts";
import type { Company } from "./company/contract.ts";
import { genieMcpRoutes } from "./genie/mcp.ts";
import { genieOneRoutes } from "./genie/one.ts";
import { genieRestRoutes } from "./genie/rest.ts";
import { createGenieStore } from "./genie/store.ts";
import { createCallLog } from "./http/calls.ts";
import { answerErrors, missing } from "./http/errors.ts";
import { createFaultBook } from "./http/faults.ts";
import { listen } from "./http/listen.ts";
import { identityRoutes } from "./identity/routes.ts";
import { createTokenDesk } from "./identity/tokens.ts";
import { createMcpSessions } from "./mcp/sessions.ts";
import { managedMcpRoutes } from "./mcp/managed.ts";
import { assessmentRoutes } from "./mlflow/assessments.ts";
import { experimentRoutes } from "./mlflow/experiments.ts";
import { registrationRoutes } from "./mlflow/registrations.ts";
import { traceRoutes } from "./mlflow/traces.ts";
import { modelRoutes } from "./model/routes.ts";
import { createModelScript } from "./model/script.ts";
import { documentRoutes } from "./platform/documents.ts";
import { pageRoutes } from "./platform/pages.ts";
import { postgresRoutes } from "./platform/postgres.ts";
import { servingInfoRoutes } from "./serving/endpoints.ts";
import { servingRoutes } from "./serving/routes.ts";
import { sqlRoutes } from "./sql/routes.ts";
import { createStatementStore } from "./sql/statements.ts";
import type { SandboxState } from "./state.ts";
import { supervisorRoutes } from "./supervisor/routes.ts";
import { switchesSchema } from "./switches.ts";

export interface SandboxOptions {
  /** Port of the workspace; 0, the default, picks a free one. */
  port?: number;
  /** Port of the app. */
  appPort?: number;
  /** Stays the caller's to close. */
  company: Company;
  /** OpenAI-compatible base URL to forward chat completions to, instead of the scripted model. */
  modelUrl?: string;
  /** Lifetime of issued tokens in seconds, 3600 by default. */
  tokenLifetimeS?: number;
  /** How long Genie stays in each running status, 40 ms by default. */
  genieStepMs?: number;
  /** Decides about faults with a probability. */
  random?: () => number;
}

export interface Sandbox {
  /** The workspace, without a slash at the end. */
  url: string;
  /** The app `retention-agent`. */
  appUrl: string;
  /** Cuts what is still open. */
  close(): Promise<void>;
}

/** Rejects when a port is taken. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const agent = express();
  const apps = await openAppDesk(agent, options.appPort ?? 0);
  let host = "";
  const state = createState(options, apps, () => host);
  agent.use(createAgentApp(state));
  try {
    const listening = await listen(createWorkspace(state), options.port ?? 0);
    host = `http://127.0.0.1:${listening.port}`;
    const close = async () => void (await Promise.all([listening.close(), apps.close()]));
    return { url: host, appUrl: apps.url(), close };
  } catch (error) {
    await apps.close();
    throw error;
  }
}

function createState(options: SandboxOptions, apps: AppDesk, host: () => string): SandboxState {
  const { company, modelUrl } = options;
  const switches = switchesSchema.parse({});
  return {
    company,
    modelUrl,
    apps,
    switches,
    host,
    loginUrl: () => `${host()}/login.html`,
    tokens: createTokenDesk(options.tokenLifetimeS ?? 3_600),
    calls: createCallLog(),
    faults: createFaultBook(options.random ?? Math.random),
    genie: createGenieStore(company, options.genieStepMs ?? 40, switches),
    sessions: createMcpSessions(),
    statements: createStatementStore(company),
    exports: [],
    model: createModelScript(),
  };
}

function createWorkspace(state: SandboxState): Express {
  const workspace = express().disable("x-powered-by");
  workspace.use(express.json({ limit: "64mb" }));
  workspace.use(
    identityRoutes(state),
    appsRoutes(state),
    genieMcpRoutes(state),
    genieOneRoutes(state),
    genieRestRoutes(state),
    servingInfoRoutes(state),
    servingRoutes(state),
    modelRoutes(state),
    sqlRoutes(state),
    managedMcpRoutes(state),
    supervisorRoutes(state),
    traceRoutes(state),
    assessmentRoutes(state),
    experimentRoutes(state),
    registrationRoutes(state),
    postgresRoutes(state),
    documentRoutes(state),
    pageRoutes(state),
    adminRoutes(state),
  );
  workspace.use((req) => {
    throw missing(`No API found for '${req.method} ${req.path}'`);
  });
  return workspace.use(answerErrors);
}

/** Backends over real sockets against a sandbox in front of a tiny company with known answers. */
import { createBackends, type Backends, type BackendsDeps } from "../../backends/registry.ts";
import type { Backend, BackendRequest, CallContext, Json, Progress } from "../../backends/backend.ts";
import type { BackendError } from "../../backends/errors.ts";
import { OrchestratorConfig } from "../../config/schema.ts";
import type { Sandbox, SandboxOptions } from "../../sandbox/server.ts";
import { SPACE, startStubSandbox } from "../sandbox/wire-company.ts";

export const ada = { subject: "user:ada@example.com", access_token: "user-ada" };
export const bob = { subject: "user:bob@example.com", access_token: "user-bob" };

const description = "A backend of the tests.";

/** One backend of each kind, as the sandbox serves them. */
export const KINDS = {
  data: {
    name: "data",
    kind: "genie",
    target: SPACE,
    description,
    questions_per_minute: 0,
    accepts_context: false,
  },
  docs: { name: "docs", kind: "knowledge_assistant", target: "ka-policies-endpoint", description },
  churn: { name: "churn", kind: "serving_endpoint", target: "churn-model-endpoint", description },
  retention: { name: "retention", kind: "app", target: "retention-agent", description },
  chat_agent: { name: "chat_agent", kind: "serving_endpoint", target: "chat-agent-endpoint", description },
  forecast: { name: "forecast", kind: "serving_endpoint", target: "revenue-forecast-endpoint", description },
  chat: { name: "chat", kind: "serving_endpoint", target: "sandbox-model", description },
  vector: {
    name: "vector",
    kind: "mcp",
    target: "/api/2.0/mcp/vector-search/main/support/documents",
    description,
  },
  fn: { name: "fn", kind: "mcp", target: "/api/2.0/mcp/functions/main/retention/churn_score", description },
  warehouse: {
    name: "warehouse",
    kind: "sql",
    target: "sandbox-warehouse",
    description,
    statements: [
      { name: "revenue", description: "Monthly revenue by region", sql: "SELECT region, mrr FROM t" },
    ],
  },
  supervisor: { name: "supervisor", kind: "supervisor", target: "databricks-claude-sonnet-4-5", description },
} as const;

export interface Workspace extends Backends {
  sandbox: Sandbox;
  /** A backend that must be there. */
  backend(name: string): Backend;
  /** Sends to the sandbox's admin route. */
  admin(path: string, body?: unknown, method?: string): Promise<ReturnType<typeof JSON.parse>>;
  /** Calls that one endpoint of the sandbox received. */
  calls(endpoint: string): Promise<ReturnType<typeof JSON.parse>[]>;
  stop(): Promise<void>;
}

export interface WorkspaceSettings {
  /** A sandbox that is there already, and stays. */
  on?: Sandbox;
  sandbox?: Partial<SandboxOptions>;
  config?: Record<string, unknown>;
  deps?: BackendsDeps;
}

export async function openWorkspace(
  backends: object[],
  settings: WorkspaceSettings = {},
): Promise<Workspace> {
  const sandbox = settings.on ?? (await startStubSandbox(settings.sandbox));
  const config = OrchestratorConfig.parse({
    workspace: { host: sandbox.url, client_id: "sandbox", client_secret: "sandbox-secret" },
    backends,
    ...settings.config,
  });
  const made = createBackends(config, { env: {}, random: () => 0, ...settings.deps });
  const admin = async (path: string, body?: unknown, method?: string) => {
    const reply = await fetch(`${sandbox.url}/_admin${path}`, {
      method: method ?? (body === undefined ? "GET" : "POST"),
      ...(body !== undefined && {
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
    });
    if (!reply.ok) throw new Error(`admin ${path}: ${reply.status} ${await reply.text()}`);
    return await reply.json();
  };
  return {
    ...made,
    sandbox,
    admin,
    calls: async (endpoint) => ((await admin(`/calls?endpoint=${endpoint}`)) as { calls: unknown[] }).calls,
    backend(name) {
      const backend = made.backends.get(name);
      if (backend === undefined) throw new Error(`no backend ${name}`);
      return backend;
    },
    async stop() {
      await made.close();
      if (settings.on === undefined) await sandbox.close();
    },
  };
}

/** A backend's policy for tests that count calls: short waits, no breaker. */
export const PLAIN_POLICY = { breaker_failures: 0 };

export interface Recorded extends CallContext {
  texts: string[];
  progress: Progress[];
  pending: Json[];
}

/** A call by the app's own identity that takes down what it is told. */
export function recorded(overrides: Partial<CallContext> = {}): Recorded {
  const record = { texts: [] as string[], progress: [] as Progress[], pending: [] as Json[] };
  return {
    ...record,
    signal: new AbortController().signal,
    deadline: Date.now() + 10_000,
    caller: { subject: "anonymous" },
    onProgress: (progress) => void record.progress.push(progress),
    onText: (delta) => void record.texts.push(delta),
    onPending: async (handle) => void record.pending.push(handle),
    ...overrides,
  };
}

export function question(text: string, more: Partial<BackendRequest> = {}): BackendRequest {
  return { question: text, context: [], ...more };
}

/** The error of work that must fail. */
export async function failure(work: Promise<unknown>): Promise<BackendError> {
  return await work.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: BackendError) => error,
  );
}

/** The whole system in one process for end-to-end tests: sandbox, graph, store and server on loopback ports of their own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { createCompany } from "../../sandbox/company/company.ts";
import type { Company } from "../../sandbox/company/contract.ts";
import { startSandbox, type Sandbox } from "../../sandbox/server.ts";
import { start, type Running } from "../../server/start.ts";

export interface Stack {
  url: string;
  sandbox: Sandbox;
  running: Running;
  folder: string;
  /** Asks without streaming; returns the response object. */
  ask(body: object, headers?: Record<string, string>): Promise<{ status: number; body: ResponseBody }>;
  /** Ends the server and starts it again on the same database. */
  restart(): Promise<void>;
  /** Calls that the sandbox received since the last `forgetCalls`. */
  calls(): Promise<SandboxCall[]>;
  forgetCalls(): Promise<void>;
  admin(path: string, body?: object, method?: string): Promise<unknown>;
  sql(statement: string): Promise<(string | null)[][]>;
  close(): Promise<void>;
}

export interface SandboxCall {
  endpoint: string;
  path: string;
  method: string;
  /** User name, client id, or null for nobody. */
  subject: string | null;
  identity: string;
  conversation_id: string | null;
  rpc: string | null;
  body: unknown;
}

/** What `custom_outputs.backend_calls` holds of a finding. */
export interface BackendCall {
  backend: string;
  kind: string;
  question: string;
  status: string;
  identity: string | null;
  cached: boolean;
  notes?: string[];
  /** Epoch milliseconds. */
  started_at: number;
  conversation_id: string | null;
  evidence: { id: string; title: string; url?: string }[];
  error: { code: string; message: string } | null;
}

export interface ResponseBody {
  id: string;
  status: string;
  output: {
    type: string;
    content?: {
      text: string;
      annotations: { type: string; url: string; start_index: number; end_index: number }[];
    }[];
  }[];
  custom_outputs: {
    thread_id: string;
    plan?: { steps: { id: string; backend: string; question: string }[] };
    backend_calls?: BackendCall[];
  } & Record<string, unknown>;
  error: { code: string; message: string } | null;
}

/** `altered` puts something before the company that answers in the sandbox. */
export async function startStack(
  env: Record<string, string> = {},
  altered: (company: Company) => Company = (company) => company,
): Promise<Stack> {
  const folder = await mkdtemp(join(tmpdir(), "orchestrator-"));
  const company = await createCompany();
  const sandbox = await startSandbox({ company: altered(company), genieStepMs: 2 });
  const options = {
    env: { SANDBOX_URL: sandbox.url, ORCHESTRATOR_DB: join(folder, "orchestrator.db"), ...env },
    cwd: process.cwd(),
    logger: pino({ level: "silent" }),
    port: 0,
  };
  let running = await start(options);
  const admin = async (path: string, body?: object, method = body === undefined ? "GET" : "POST") => {
    const reply = await fetch(`${sandbox.url}/_admin/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return reply.headers.get("content-type")?.includes("json") === true ? reply.json() : reply.text();
  };
  return {
    get url() {
      return running.url;
    },
    get running() {
      return running;
    },
    sandbox,
    folder,
    ask: async (body, headers = {}) => {
      const reply = await fetch(`${running.url}/responses`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      });
      return { status: reply.status, body: (await reply.json()) as ResponseBody };
    },
    restart: async () => {
      await running.close();
      running = await start(options);
    },
    calls: async () => ((await admin("calls")) as { calls: SandboxCall[] }).calls,
    forgetCalls: async () => void (await admin("calls", undefined, "DELETE")),
    admin,
    sql: async (statement) =>
      ((await admin("sql", { sql: statement })) as { rows: (string | null)[][] }).rows,
    close: async () => {
      await running.close();
      await sandbox.close();
      await company.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The text of the answer. */
export function textOf(body: ResponseBody): string {
  return body.output
    .flatMap((item) => item.content ?? [])
    .map((part) => part.text)
    .join("");
}

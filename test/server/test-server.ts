/** The real app over the real store in memory, on a real socket; only the graph is scripted. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { OrchestratorConfig } from "../../config/schema.ts";
import { createApp } from "../../server/app.ts";
import type { ServerDeps } from "../../server/deps.ts";
import { attachWebSocket } from "../../server/websocket/attach-websocket.ts";
import { createStore } from "../../store/create-store.ts";
import type { Store } from "../../store/store.ts";
import {
  playing,
  type Script,
  type ScriptedOrchestrator,
  scriptedOrchestrator,
  twoBackendRun,
} from "./scripted-orchestrator.ts";

export interface TestServer {
  /** Without a slash at the end. */
  url: string;
  orchestrator: ScriptedOrchestrator;
  store: Store;
  /** Log lines at level warn and above. */
  logged: { level: number; msg: string }[];
  close(): Promise<void>;
}

export interface TestServerOptions {
  script?: Script;
  /** Merged over a minimal configuration. */
  config?: Partial<Record<keyof OrchestratorConfig, unknown>>;
  deps?: Partial<ServerDeps>;
}

export function testConfig(change: TestServerOptions["config"] = {}): OrchestratorConfig {
  return OrchestratorConfig.parse({
    workspace: { host: "https://workspace.example.com" },
    backends: [
      {
        name: "sales_genie",
        kind: "genie",
        target: "space-1",
        description: "Numbers about sales and churn.",
      },
      {
        name: "handbook",
        kind: "knowledge_assistant",
        target: "ka-1",
        description: "The retention handbook.",
      },
    ],
    ...change,
  });
}

/** A configuration with a model, which client tools and structured output need. */
export const WITH_MODEL = { models: { synthesizer: { base_url: "http://127.0.0.1:9/v1", model: "m" } } };

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const config = testConfig(options.config);
  const store = await createStore({ ...config.persistence, kind: "memory" }, { env: {} });
  const orchestrator = scriptedOrchestrator(options.script ?? playing(twoBackendRun()), config.backends);
  const logged: TestServer["logged"] = [];
  const logger = pino(
    { level: "warn" },
    { write: (line: string) => void logged.push(JSON.parse(line) as { level: number; msg: string }) },
  );
  const app = createApp({
    config,
    orchestrator,
    store,
    logger,
    clock: Date.now,
    randomId: () => randomBytes(16).toString("hex"),
    ...options.deps,
  });
  const server = app.listen(0, "127.0.0.1");
  await once(server, "listening");
  attachWebSocket(server, {
    handle: (request, reply) => void app(request, reply),
    config: config.server,
    identify: options.deps?.identify,
    draining: new AbortController().signal,
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    orchestrator,
    store,
    logged,
    close: () => stop(server, store),
  };
}

async function stop(server: Server, store: Store): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
  await store.close();
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
}

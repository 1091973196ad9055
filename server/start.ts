/** Starts and stops the whole system: sandbox when it applies, graph, store, server. Reads no environment by itself. */
import { randomBytes } from "node:crypto";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import { loadConfig } from "../config/load.ts";
import { readConfigFiles } from "../config/read-files.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { assemble, type Assembled } from "../graphs/from-config.ts";
import { graphAccess } from "../graphs/graph-access.ts";
import type { Metrics } from "../tracing/metrics/create-metrics.ts";
import { openLangSmith } from "../tracing/langsmith.ts";
import { BackendError } from "../backends/errors.ts";
import type { Backends } from "../backends/registry.ts";
import { createApp } from "./app.ts";
import { backgroundRuns, type BackgroundRuns } from "./background/background-runs.ts";
import type { ServerDeps } from "./deps.ts";
import { createIdentify } from "./identity/identify.ts";
import type { Whoami } from "./identity/whoami.ts";
import { buildFacts } from "./build-facts.ts";
import { StepHistory } from "./step-history.ts";
import { titleWriter } from "./write-title.ts";
import { attachWebSocket } from "./websocket/attach-websocket.ts";
import { startSandboxProcess, type SandboxProcess } from "./sandbox-process.ts";
import { startWatch, type RunningWatch } from "./start-watch.ts";

export interface Running {
  url: string;
  mode: "sandbox" | "workspace";
  config: OrchestratorConfig;
  /** URL of the sandbox workspace, when it was started here. */
  sandboxUrl: string | null;
  /** Stops taking requests, lets the ones under way end, then closes everything. */
  close(): Promise<void>;
}

export interface StartOptions {
  env: Record<string, string | undefined>;
  cwd: string;
  logger: Logger;
  /** Port 0 takes any free one. */
  port: number;
  /** Called once the configuration is known, before anything is started with it. */
  onConfig?: (config: OrchestratorConfig) => void;
}

/** Throws `ConfigError` before anything is started. */
export async function start(options: StartOptions): Promise<Running> {
  return serve(await prepare(options), options);
}

/** What one process or several workers are started from. */
export interface Prepared {
  env: Record<string, string | undefined>;
  mode: Running["mode"];
  config: OrchestratorConfig;
  /** Null when it runs elsewhere, or nowhere. */
  sandbox: SandboxProcess | null;
}

/** The configuration, and the sandbox where it points at one. Throws `ConfigError`. */
export async function prepare(options: Pick<StartOptions, "env" | "cwd" | "onConfig">): Promise<Prepared> {
  const { env, files, mode } = readConfigFiles(options.env, options.cwd);
  const external = env.SANDBOX_URL;
  const sandbox = mode === "sandbox" && external === undefined ? await startSandboxProcess(env) : null;
  try {
    const config = loadConfig({ ...env, SANDBOX_URL: sandbox?.url ?? external }, files);
    options.onConfig?.(config);
    return { env, mode, config, sandbox };
  } catch (error) {
    await sandbox?.close();
    throw error;
  }
}

export interface ServeOptions extends Pick<StartOptions, "cwd" | "logger" | "port"> {
  /** Makes of this process's metrics those of all that serve together. */
  share?: (own: Metrics) => Metrics;
}

/** Opens the database, listens, and looks after background runs. The sandbox ends with the server. */
export async function serve(
  { env, mode, config, sandbox }: Prepared,
  options: ServeOptions,
): Promise<Running> {
  try {
    const smith = config.tracing.langsmith ? await openLangSmith(config.tracing, env) : null;
    const facts = buildFacts(config, options.cwd);
    // Metrics are made of what is assembled; what is assembled counts into them.
    let watching: RunningWatch | undefined;
    const assembled = await assemble(config, {
      env,
      clock: Date.now,
      facts: facts.attributes,
      observed: smith?.observed,
      onShadow: (shadow) => {
        watching?.metrics.runs.shadowed(shadow.agreed);
        if (!shadow.agreed) options.logger.info({ shadow }, "shadow routing disagrees");
      },
    });
    const watch = startWatch(assembled, { facts, logger: options.logger, smith });
    watching = watch;
    const services = servicesOf(assembled, watch, options, env);
    const background = backgroundRuns(services);
    const app = createApp({ ...services, background });
    const server = await listen(app, options.port, hostOf(config, env));
    const { port } = server.address() as AddressInfo;
    attachWebSocket(server, {
      handle: (request, reply) => void app(request, reply),
      config: config.server,
      identify: services.identify,
      draining: background.draining,
    });
    background.start();
    return {
      url: urlOf(config, port),
      mode,
      config,
      sandboxUrl: sandbox?.url ?? null,
      close: () => stop(server, background, { watch, assembled, sandbox }),
    };
  } catch (error) {
    await sandbox?.close();
    throw error;
  }
}

/** Where a browser on this machine finds it. */
export function urlOf({ server }: OrchestratorConfig, port: number): string {
  return `http://${server.host === "0.0.0.0" ? "127.0.0.1" : server.host}:${port}`;
}

/** Inside Databricks Apps the proxy comes from outside; everywhere else loopback unless told otherwise. */
function hostOf(config: OrchestratorConfig, env: Record<string, string | undefined>): string {
  return env.DATABRICKS_APP_NAME === undefined ? config.server.host : "0.0.0.0";
}

function servicesOf(
  assembled: Assembled,
  watch: RunningWatch,
  options: Pick<ServeOptions, "logger" | "share">,
  env: Record<string, string | undefined>,
): ServerDeps {
  const { config, graph, backends, store, threads, planOnly } = assembled;
  return {
    config,
    orchestrator: {
      runTurn: watch.runTurn,
      planOnly,
      backends: backends.backends,
      drawMermaid: async () => (await graph.getGraphAsync()).drawMermaid(),
      drawJson: async () => (await graph.getGraphAsync()).toJSON(),
    },
    store,
    evidence: (owner, thread) => store.evidence(owner, thread),
    threads,
    langgraph: {
      graph: graphAccess(graph),
      touchThread: (owner, id, key) => store.threads.touch(owner, id, key),
      setMetadata: (owner, id, metadata) => store.threads.setMetadata(owner, id, metadata),
      responsesOf: (owner, id, limit) => store.responses.list(owner, id, limit),
    },
    watch: { ...watch, metrics: options.share?.(watch.metrics) ?? watch.metrics },
    traceId: () => watch.currentTraceId(),
    identify: createIdentify({ config: config.server, clock: Date.now, whoami: principalOf(backends) }),
    writeTitle: titleWriter(backends.models.router, Date.now),
    history: new StepHistory(),
    logger: options.logger,
    clock: Date.now,
    randomId: () => randomBytes(16).toString("hex"),
    appName: env.DATABRICKS_APP_NAME,
    webRoot: fileURLToPath(new URL("../web", import.meta.url)),
  };
}

/** A token that the workspace refuses belongs to nobody; any other failure means that it cannot be told. */
function principalOf(backends: Backends): Whoami {
  return async (token) => {
    try {
      const person = await backends.whoami(token, AbortSignal.timeout(WHOAMI_MS));
      return { name: person.email ?? person.subject.replace(/^user:/, "") };
    } catch (error) {
      if (error instanceof BackendError && REFUSED.has(error.code)) return null;
      throw error;
    }
  };
}

const WHOAMI_MS = 5_000;
const REFUSED: ReadonlySet<string> = new Set(["unauthorized", "forbidden", "not_found", "rejected"]);

function listen(app: ReturnType<typeof createApp>, port: number, host: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = app.listen(port, host, (error) => (error === undefined ? resolve(server) : reject(error)));
  });
}

/** Databricks Apps gives 15 seconds between SIGTERM and SIGKILL; requests get most of them. */
const DRAIN_MS = 12_000;

/** Background runs get less: behind it they are given back, and other processes must hear of that. */
const STEP_MS = 8_000;

interface Parts {
  watch: RunningWatch;
  assembled: Assembled;
  sandbox: SandboxProcess | null;
}

async function stop(
  server: Server,
  background: BackgroundRuns,
  { watch, assembled, sandbox }: Parts,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await background.drain(STEP_MS);
  server.closeIdleConnections();
  await closed;
  clearTimeout(force);
  await watch.close();
  await assembled.close();
  await sandbox?.close();
}

/** Everything outside of this process, made from the configuration: backends, models, and who a token belongs to. */
import { trace } from "@opentelemetry/api";
import { PolicyConfig, type ModelConfig, type OrchestratorConfig } from "../config/schema.ts";
import { chooseSource } from "./auth/choose-source.ts";
import type { Environment } from "./auth/gather-settings.ts";
import { createCredentials, type Credentials } from "./auth/credentials.ts";
import { runCommand, type RunCommand } from "./auth/run-command.ts";
import { createTokenRequests } from "./auth/token-request.ts";
import { workspaceOrigin } from "./auth/workspace-origin.ts";
import type { Backend } from "./backend.ts";
import type { BackendSnapshot } from "./backend-snapshot.ts";
import type { ChatModel } from "./chat-model.ts";
import { systemClock, type Clock } from "./clock.ts";
import { createForKind } from "./create-for-kind.ts";
import { createRateQueue } from "./genie/rate-queue.ts";
import { createChannel } from "./http/channel.ts";
import { createConnectionPool } from "./http/pool.ts";
import { createChatModel } from "./models/create-chat-model.ts";
import type { Services } from "./services.ts";
import { NO_CONTENT, type SpanContent } from "./span-content.ts";
import { createWhoAmI, type WhoAmI } from "./whoami.ts";

export interface BackendsDeps {
  /** Read for credentials of the workspace and for DATABRICKS_APP_NAME; empty unless given. */
  env?: Environment;
  clock?: Clock;
  /** Numbers in [0, 1); for jitter. */
  random?: () => number;
  runCommand?: RunCommand;
  /** What of questions and answers goes on spans; nothing unless given. */
  content?: SpanContent;
}

export interface Models {
  router: ChatModel | null;
  planner: ChatModel | null;
  synthesizer: ChatModel | null;
  reviser: ChatModel | null;
  judge: ChatModel | null;
}

export interface Backends {
  /** Enabled backends by name, in the order of the configuration. */
  readonly backends: ReadonlyMap<string, Backend>;
  readonly models: Models;
  readonly credentials: Credentials;
  readonly services: Services;
  whoami: WhoAmI;
  snapshot(): BackendSnapshot[];
  /** Ends sessions and connections; calls under way fail. */
  close(): Promise<void>;
}

/** Opens nothing by itself. Throws `ConfigError` when the credentials contradict each other. */
export function createBackends(config: OrchestratorConfig, deps: BackendsDeps = {}): Backends {
  const services = createServices(config, deps);
  const managed = config.backends
    .filter(({ enabled }) => enabled)
    .map((one) => createForKind(one, services.services));
  const models = createModels(config.models, services.services);
  return {
    backends: new Map(managed.map((backend) => [backend.name, backend])),
    models,
    credentials: services.services.credentials,
    services: services.services,
    whoami: createWhoAmI(services.services),
    snapshot: () => managed.map((backend) => backend.snapshot()),
    async close() {
      await Promise.all(managed.map((backend) => backend.close()));
      await services.close();
    },
  };
}

function createServices(
  config: OrchestratorConfig,
  deps: BackendsDeps,
): { services: Services; close(): Promise<void> } {
  const { env = {}, clock = systemClock, random = Math.random } = deps;
  const tracer = trace.getTracer("multi-agent-orchestrator");
  const pool = createConnectionPool();
  const channel: Services["channel"] = (name, policy) =>
    createChannel(name, policy, { pool, clock, random, tracer });
  const requests = createTokenRequests(channel("workspace", PolicyConfig.parse({})), clock);
  const source = chooseSource(config.workspace, env, requests, deps.runCommand ?? runCommand);
  const inside_app = (env["DATABRICKS_APP_NAME"] ?? "") !== "";
  const limits = config.backends.flatMap((one) => (one.kind === "genie" && one.questions_per_minute > 0 ? [one.questions_per_minute] : [])); // prettier-ignore
  const services: Services = {
    host: workspaceOrigin(config.workspace.host),
    credentials: createCredentials(source, clock, inside_app),
    clock,
    random,
    tracer,
    content: deps.content ?? NO_CONTENT,
    channel,
    // One limit for the whole workspace: the smallest that is configured.
    genie_questions: createRateQueue(limits.length === 0 ? 0 : Math.min(...limits), clock),
  };
  return { services, close: () => pool.close() };
}

function createModels(models: OrchestratorConfig["models"], services: Services): Models {
  const create = (model: ModelConfig) => (model === "none" ? null : createChatModel(model, services));
  return {
    router: create(models.router),
    planner: create(models.planner),
    synthesizer: create(models.synthesizer),
    reviser: create(models.reviser),
    judge: create(models.judge),
  };
}

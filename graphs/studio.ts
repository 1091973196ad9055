/** The graphs for LangGraph's development server and Studio: the same builder, without a saver, which that server brings. */
import { randomUUID } from "node:crypto";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { ChatModel } from "../backends/chat-model.ts";
import { BackendError } from "../backends/errors.ts";
import { createBackends } from "../backends/registry.ts";
import type { Env } from "../config/loading/expand-env.ts";
import { loadConfig } from "../config/load.ts";
import { readConfigFiles } from "../config/read-files.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import type { RunContext } from "../nodes/run-context.ts";
import { createRouter } from "../routing/create-router.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { graphDeps } from "./from-config.ts";
import { buildOrchestrator } from "./orchestrator.ts";
import { shownModels } from "./shown-model.ts";
import { buildSingleAgent } from "./single-agent.ts";

/** Who asks in Studio: the person at this machine. */
const CALLER = { subject: "studio" };

/** The baseline needs a model; without one it says so when it is run, not when Studio opens. */
const NO_MODEL: ChatModel = {
  name: "none",
  complete: () => Promise.reject(noModel()),
  stream: () => Promise.reject(noModel()),
  close: async () => {},
};

/** Made once per process: the router learns at the start. */
const graphs = await build(process.env, process.cwd());

/** What langgraph.json names. */
export const orchestrator = graphs.orchestrator;
export const singleAgent = graphs.singleAgent;

async function build(environment: Env, cwd: string) {
  const { env, files } = readConfigFiles(environment, cwd);
  const config = loadConfig(env, files);
  const made = createBackends(config, { env });
  const backends = { ...made, models: shownModels(made.models) };
  const router = createRouter(config, { models: backends.models, now: Date.now });
  const store = await createStore({ ...config.persistence, kind: "memory" }, { env });
  const deps = graphDeps(config, backends, router, Date.now);
  const run = (given: LangGraphRunnableConfig) => runOf(given, config, store);
  const model = backends.models.planner ?? backends.models.synthesizer ?? NO_MODEL;
  return {
    orchestrator: buildOrchestrator({ ...deps, runOf: run }),
    singleAgent: buildSingleAgent({ model, backends: deps.backends, clock: Date.now, runOf: run }),
  };
}

/** What our server would hand in comes from the run's context here; events go out in Studio's custom stream. */
function runOf(given: LangGraphRunnableConfig, config: OrchestratorConfig, store: Store): RunContext {
  const { run_id = randomUUID(), thread_id = "studio" } = (given.configurable ?? {}) as Record<
    string,
    string
  >;
  const wished: unknown = given.context?.deadline_ms;
  const deadline_ms = typeof wished === "number" ? wished : config.budgets.deadline_ms;
  const limit = AbortSignal.timeout(deadline_ms);
  return {
    run_id,
    thread_id,
    caller: CALLER,
    signal: given.signal === undefined ? limit : AbortSignal.any([given.signal, limit]),
    deadline: Date.now() + deadline_ms,
    emit: (event) => given.writer?.(event),
    evidence: store.evidence(CALLER.subject, thread_id),
    pending: store.pending(run_id),
  };
}

function noModel(): BackendError {
  const message = "The single agent needs a model: set `models.planner` in the configuration.";
  return new BackendError("rejected", message, { backend: "single-agent" });
}

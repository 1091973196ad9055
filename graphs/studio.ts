/** The graph for LangGraph's development server and Studio: the same builder, without a saver, which that server brings. */
import { randomUUID } from "node:crypto";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
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
import { buildOrchestrator, type OrchestratorGraph } from "./orchestrator.ts";

/** Who asks in Studio: the person at this machine. */
const CALLER = { subject: "studio" };

/** What langgraph.json names. Made once per process: the router learns at the start. */
export const orchestrator: OrchestratorGraph = await build(process.env, process.cwd());

async function build(environment: Env, cwd: string): Promise<OrchestratorGraph> {
  const { env, files } = readConfigFiles(environment, cwd);
  const config = loadConfig(env, files);
  const backends = createBackends(config, { env });
  const router = createRouter(config, { models: backends.models, now: Date.now });
  const store = await createStore({ ...config.persistence, kind: "memory" }, { env });
  return buildOrchestrator({
    ...graphDeps(config, backends, router, Date.now),
    runOf: (given) => runOf(given, config, store),
  });
}

/** Nobody listens to a run's events here: Studio shows the state after each node. */
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
    emit: () => undefined,
    evidence: store.evidence(CALLER.subject, thread_id),
    pending: store.pending(run_id),
  };
}

/** The only place that joins everything: a configuration becomes backends, router, store and the graph over them. */
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { Attributes } from "@opentelemetry/api";
import { databasePassword } from "../backends/auth/database-credential.ts";
import { createBackends, type Backends } from "../backends/registry.ts";
import { priceFrom } from "../config/price.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import type { Budget } from "../nodes/budget.ts";
import type { RunContext } from "../nodes/run-context.ts";
import { createRouter, type RouterDeps } from "../routing/create-router.ts";
import { checkPlan } from "../routing/plan-check.ts";
import type { Plan } from "../routing/plan.ts";
import type { Router } from "../routing/router.ts";
import { createStore } from "../store/create-store.ts";
import type { Store } from "../store/store.ts";
import { createContent } from "../tracing/content.ts";
import { userId } from "../tracing/user-id.ts";
import { buildOrchestrator, type GraphDeps, type OrchestratorGraph } from "./orchestrator.ts";
import { planner } from "./plan-only.ts";
import type { TurnContext, TurnInput, TurnResult } from "./run.ts";
import { shownModels } from "./shown-model.ts";
import { spannedTurn } from "./turn-span.ts";
import { prunedTurn } from "./pruned-turn.ts";
import { threadsOf, type Threads } from "./threads.ts";
import { turnRunner, type TurnDeps } from "./turn.ts";

export interface Assembled {
  config: OrchestratorConfig;
  graph: OrchestratorGraph;
  backends: Backends;
  router: Router;
  store: Store;
  runTurn: (input: TurnInput, context: TurnContext) => Promise<TurnResult>;
  planOnly: (input: TurnInput, context: TurnContext) => Promise<Plan>;
  threads: Threads;
  close(): Promise<void>;
}

export interface AssembleDeps {
  env: Record<string, string | undefined>;
  clock: () => number;
  /** Version, commit and configuration hash, for traces. */
  facts?: Attributes;
  /** Callbacks for each run of the graph. */
  observed?: TurnDeps["observed"];
  /** Hears what `routing.shadow` would have decided. */
  onShadow?: RouterDeps["onShadow"];
}

/** Opens the database and the connections' pools; asks nothing of the workspace yet. Throws `StoreError`. */
export async function assemble(config: OrchestratorConfig, deps: AssembleDeps): Promise<Assembled> {
  const made = createBackends(config, { env: deps.env, content: createContent(config.tracing) });
  const backends = { ...made, models: shownModels(made.models) };
  const { lakebase } = config.persistence;
  const store = await createStore(config.persistence, {
    env: deps.env,
    ...(lakebase === undefined ? {} : { password: databasePassword(lakebase, backends.services) }),
  });
  const router = createRouter(config, {
    models: backends.models,
    now: deps.clock,
    onShadow: deps.onShadow,
  });
  const graph = buildOrchestrator({
    ...graphDeps(config, backends, router, deps.clock),
    checkpointer: store.checkpointer,
    runOf,
  });
  const turn = turnRunner({
    graph,
    evidence: (owner, thread) => store.evidence(owner, thread),
    pending: (run) => store.pending(run),
    maxParallel: config.budgets.max_parallel,
    clock: deps.clock,
    observed: deps.observed,
  });
  const pruned = prunedTurn(turn, (thread) => store.retention.prune(thread));
  const runTurn = spannedTurn(pruned, {
    content: createContent(config.tracing),
    facts: deps.facts ?? {},
    userId: (subject) => userId(subject, config.tracing.user_ids),
  });
  const close = async () => {
    await backends.close();
    await store.close();
  };
  const planOnly = planner({ graph, router, backends: names(config) });
  const threads = threadsOf({
    graph,
    evidence: (owner, thread) => store.evidence(owner, thread),
    problems: (plan) => planProblems(config, plan, names(config)),
  });
  return { config, graph, backends, router, store, runTurn, planOnly, threads, close };
}

/** What the graph needs whoever serves it: Express, Studio or the evaluations. */
export function graphDeps(
  config: OrchestratorConfig,
  backends: Backends,
  router: Router,
  clock: () => number,
): Omit<GraphDeps, "checkpointer" | "runOf"> {
  const price = priceFrom(config.models);
  const { history_turns, deadline_ms } = config.budgets;
  const check = (plan: Plan, allowed: string[]) => planProblems(config, plan, allowed);
  const model = backends.models.synthesizer;
  const gate = config.routing.verify === "gate";
  const writer = model === null ? null : { model, gate, reviser: backends.models.reviser, clock, price };
  return {
    backends: [...backends.backends.values()],
    classify: { router, backends: names(config), check, price },
    dispatch: {
      clock,
      acceptsContext: (name) =>
        config.backends.some((backend) => backend.name === name && backend.accepts_context),
      rules: {
        backends: config.backends,
        over_usd: config.budgets.approval_over_usd ?? null,
        below_confidence: config.budgets.approval_below_confidence,
      },
      max_replans: config.budgets.max_replans,
      budget: budgetOf(config),
    },
    ask: { clock, reserve_ms: reserve(deadline_ms, model !== null), budget: budgetOf(config) },
    content: createContent(config.tracing),
    synthesize: { writer, backends: config.backends, history_turns, budget: budgetOf(config) },
    verify: { mode: config.routing.verify },
    clock,
  };
}

function budgetOf({ budgets, backends }: OrchestratorConfig): Budget {
  const costs = new Map(backends.map(({ name, cost_per_call_usd }) => [name, cost_per_call_usd ?? null]));
  return {
    max_cost_usd: budgets.max_cost_usd ?? null,
    max_tokens: budgets.max_tokens ?? null,
    costPerCall: (backend) => costs.get(backend) ?? null,
  };
}

/** A model needs time to write, the composer next to none. */
function reserve(deadline_ms: number, withModel: boolean): number {
  return withModel ? Math.min(20_000, deadline_ms * 0.25) : Math.min(2_000, deadline_ms * 0.1);
}

function planProblems(config: OrchestratorConfig, plan: Plan, allowed: string[]): string[] {
  const { max_steps, max_depth } = config.budgets;
  const limits = { max_steps, max_depth, backends: names(config), allowed };
  return checkPlan(plan, limits).map((problem) => problem.message);
}

function names(config: OrchestratorConfig): string[] {
  return config.backends.map((backend) => backend.name);
}

function runOf(config: LangGraphRunnableConfig): RunContext {
  const run: RunContext | undefined = config.configurable?.run;
  if (run === undefined) throw new TypeError("The graph was invoked without `configurable.run`.");
  return run;
}

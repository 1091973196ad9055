/** The cascade: rules, local classifier and planner, small model, large model, and the local planner again as a net. */
import type { ChatModel } from "../backends/chat-model.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { createKnowledge, type Promoted } from "./knowledge.ts";
import { planLocally, type LocalPlan } from "./local/planner.ts";
import { createReader, type Reader } from "./local/reader.ts";
import type { Decision, Plan } from "./plan.ts";
import { checkPlan, type PlanLimits } from "./plan-check.ts";
import type { Router } from "./router.ts";

export interface RouterDeps {
  models: { router: ChatModel | null; planner: ChatModel | null };
  /** Labelled questions from feedback. */
  promoted?: readonly Promoted[];
  /** Milliseconds; for `decision.latency_ms`. */
  now?: () => number;
}

export function createRouter(config: OrchestratorConfig, deps: RouterDeps): Router {
  const knowledge = createKnowledge(config, deps.promoted);
  const now = deps.now ?? (() => performance.now());
  const names = knowledge.cards.map((card) => card.name);
  const readers = new Map<string, Reader>();
  const readerFor = (allowed: readonly string[]): Reader => {
    const key = allowed.join(" ");
    const known = readers.get(key) ?? createReader(knowledge, allowed);
    readers.set(key, known);
    return known;
  };
  return {
    route: async (input) => {
      const started = now();
      const allowed = names.filter((name) => input.allowed.includes(name));
      const limits = { ...config.budgets, backends: names, allowed };
      const local = planLocally(input, readerFor(allowed), config.routing.clarify);
      return toPlan(local, limits, config.routing.threshold, now() - started);
    },
  };
}

function toPlan(local: LocalPlan, limits: PlanLimits, threshold: number, latency: number): Plan {
  const decision: Decision = {
    tier: "local",
    probabilities: local.probabilities,
    threshold,
    runner_up: local.runner_up,
    reason: local.reason,
    fallback: null,
    model: null,
    latency_ms: latency,
  };
  const { kind, steps, clarify, refuse, confidence } = local;
  const plan: Plan = { kind, steps, clarify, refuse, confidence, decision };
  return checkPlan(plan, limits).length === 0 ? plan : withoutOrder(plan, limits);
}

/** The last net for a plan that breaks a bound: its surest step alone. */
function withoutOrder(plan: Plan, limits: PlanLimits): Plan {
  const free = plan.steps.filter(
    (step) => step.depends_on.length === 0 && limits.allowed.includes(step.backend),
  );
  const surest = free.toSorted((a, b) => b.confidence - a.confidence)[0];
  if (surest === undefined)
    return { ...plan, kind: "refuse", steps: [], refuse: { reason: "No backend may be asked here." } };
  return { ...plan, steps: [{ ...surest, id: "s1", extract: [] }] };
}

/** Decides tier by tier: rules, then the local classifier where it is sure, then the small and the large model. */
import type { ChatModel } from "../backends/chat-model.ts";
import type { OrchestratorConfig } from "../config/schema.ts";
import { temper } from "./confidence.ts";
import type { Knowledge } from "./knowledge.ts";
import { planWithModel } from "./llm/plan-with-model.ts";
import { planLocally, type LocalPlan } from "./local/planner.ts";
import type { Reader } from "./local/reader.ts";
import type { Decision, Plan } from "./plan.ts";
import { checkPlan, type PlanLimits } from "./plan-check.ts";
import { rulePlan } from "./rule-plan.ts";
import type { RouteContext, RouteInput } from "./router.ts";
import { matchMentions, type RuleMatch, type Rules } from "./rules.ts";

export interface Cascade {
  config: OrchestratorConfig;
  knowledge: Knowledge;
  rules: Rules;
  models: { router: ChatModel | null; planner: ChatModel | null };
  threshold: number;
  /** Divides the log-odds of the local tier's confidence before it is held against the threshold. */
  temperature: number;
  readerFor(allowed: readonly string[]): Reader;
  now: () => number;
}

/** A plan of this many steps, or less sure than this, is worth the large model. */
const MANY_STEPS = 5;
const UNSURE = 0.5;

export async function decide(asked: RouteInput, cascade: Cascade, context: RouteContext): Promise<Plan> {
  const { config, threshold } = cascade;
  const input = withPrevious(asked, cascade);
  const { tiers } = config.routing;
  const limits = limitsFor(input, cascade);
  if (limits.allowed.length === 0) return nothingAllowed(threshold);
  const match = tiers.rules ? ruleFor(input.question, cascade, limits.allowed) : null;
  if (match !== null) return byRule(match, input, cascade, limits);
  const local = planLocally(input, cascade.readerFor(limits.allowed), config.routing.clarify);
  const models = modelsOf(cascade);
  if (models.length === 0 || (tiers.local && isSure(local, cascade)))
    return fromLocal(local, limits, decisionOf(tiers.local ? "local" : "fallback", local, threshold));
  return await byModels(input, cascade, context, limits, local, models);
}

/** A client that sends its transcript along leaves no turn behind: its last question is read again for what it asked. */
export function withPrevious(input: RouteInput, cascade: Cascade): RouteInput {
  const at = input.history.findLastIndex(({ role }) => role === "user");
  const question = input.history[at]?.content;
  if (input.previous !== null || question === undefined) return input;
  const limits = limitsFor(input, cascade);
  if (limits.allowed.length === 0) return input;
  const before = { ...input, question, history: input.history.slice(0, at) };
  const local = planLocally(before, cascade.readerFor(limits.allowed), false);
  const plan = fromLocal(local, limits, decisionOf("local", local, cascade.threshold));
  return { ...input, previous: { question, plan, backends_ok: plan.steps.map((step) => step.backend) } };
}

interface ModelTier {
  tier: "small" | "large";
  model: ChatModel;
}

function modelsOf({ config, models }: Cascade): ModelTier[] {
  const { small, large } = config.routing.tiers;
  const found: ModelTier[] = [];
  if (small && models.router !== null) found.push({ tier: "small", model: models.router });
  if (large && models.planner !== null) found.push({ tier: "large", model: models.planner });
  return found;
}

/** What the classifier was shown to decide well: talk, and one whole question for one backend. */
function isSure(local: LocalPlan, { threshold, temperature }: Cascade): boolean {
  if (local.kind === "direct") return true;
  return isSimple(local) && temper(local.confidence, temperature) >= threshold;
}

/** Whether the local tier may decide this plan alone at all, be it ever so sure. */
export function isSimple(local: LocalPlan): boolean {
  return local.kind === "plan" && local.simple;
}

async function byModels(
  input: RouteInput,
  cascade: Cascade,
  context: RouteContext,
  limits: PlanLimits,
  local: LocalPlan,
  models: readonly ModelTier[],
): Promise<Plan> {
  const failures: string[] = [];
  let draft: Plan | null = null;
  for (const { tier, model } of models) {
    const decision = { ...decisionOf(tier, local, cascade.threshold), model: model.name };
    const { knowledge, now } = cascade;
    const mayClarify = cascade.config.routing.clarify;
    const planning = { model, knowledge, limits, mayClarify, decision, now };
    const outcome = await planWithModel({ ...input, allowed: [...limits.allowed] }, planning, context);
    if ("failure" in outcome) failures.push(`${tier === "small" ? "router" : "planner"}: ${outcome.failure}`);
    else {
      draft = outcome.plan;
      if (draft.confidence >= UNSURE && draft.steps.length < MANY_STEPS) break;
    }
  }
  const fallback = failures.length === 0 ? null : failures.join("; ");
  if (draft !== null) return { ...draft, decision: { ...draft.decision, fallback } };
  return fromLocal(local, limits, { ...decisionOf("fallback", local, cascade.threshold), fallback });
}

function ruleFor(question: string, cascade: Cascade, allowed: readonly string[]): RuleMatch | null {
  return matchMentions(question, allowed) ?? cascade.rules(question, allowed);
}

function byRule(match: RuleMatch, input: RouteInput, cascade: Cascade, limits: PlanLimits): Plan {
  const allowed = cascade.knowledge.cards
    .map((card) => card.name)
    .filter((name) => match.backends.includes(name));
  const asked = { ...input, question: match.question };
  const within = planLocally(asked, cascade.readerFor(allowed), false);
  const steps = rulePlan(match, within);
  const plan: LocalPlan = { ...within, kind: "plan", steps, clarify: null, refuse: null, confidence: 1 };
  return fromLocal(plan, limits, { ...decisionOf("rules", within, null), reason: match.reason });
}

function limitsFor(input: RouteInput, { knowledge, config }: Cascade): PlanLimits {
  const backends = knowledge.cards.map((card) => card.name);
  const allowed = backends.filter((name) => input.allowed.includes(name));
  return { max_steps: config.budgets.max_steps, max_depth: config.budgets.max_depth, backends, allowed };
}

function decisionOf(tier: Decision["tier"], local: LocalPlan, threshold: number | null): Decision {
  const { probabilities, runner_up, reason } = local;
  return { tier, probabilities, threshold, runner_up, reason, fallback: null, model: null, latency_ms: 0 };
}

function fromLocal(local: LocalPlan, limits: PlanLimits, decision: Decision): Plan {
  const { kind, steps, clarify, refuse, confidence } = local;
  const plan: Plan = { kind, steps, clarify, refuse, confidence, decision };
  return checkPlan(plan, limits).length === 0 ? plan : surestStep(plan, limits);
}

/** The last net for a plan that breaks a bound: its surest step that needs no other. */
function surestStep(plan: Plan, limits: PlanLimits): Plan {
  const free = plan.steps.filter(
    (step) => step.depends_on.length === 0 && limits.allowed.includes(step.backend),
  );
  const surest = free.toSorted((a, b) => b.confidence - a.confidence)[0]!;
  const reason = `${plan.decision.reason} The whole plan breaks a bound, so only its surest step is asked.`;
  return {
    ...plan,
    steps: [{ ...surest, id: "s1", extract: [] }],
    decision: { ...plan.decision, reason },
  };
}

function nothingAllowed(threshold: number): Plan {
  const reason = "No backend may be asked here.";
  const decision: Decision = {
    tier: "rules",
    probabilities: {},
    threshold,
    runner_up: null,
    reason,
    fallback: null,
    model: null,
    latency_ms: 0,
  };
  return { kind: "refuse", steps: [], clarify: null, refuse: { reason }, confidence: 1, decision };
}

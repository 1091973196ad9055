/** Turn the question, in the light of the conversation, into an explicit plan. */
import { Plan } from "../routing/plan.ts";
import type { RouteContext, RouteInput, Router } from "../routing/router.ts";
import type { State, Update } from "./channels.ts";
import type { RunContext } from "./run-context.ts";
import type { NodeUsage } from "./state.ts";

type Read = Pick<
  State,
  | "question"
  | "options"
  | "history"
  | "summary"
  | "previous"
  | "turn"
  | "clarified"
  | "usage"
  | "replans"
  | "conversations"
>;

export interface ClassifyDeps {
  router: Router;
  /** Names of all enabled backends. */
  backends: string[];
  /** Checks a plan that the client sent in; returns one sentence per problem. */
  check(plan: Plan, allowed: string[]): string[];
  /** Dollars for a model's tokens; null where no price is configured. */
  price(
    model: string,
    usage: { input_tokens: number; cached_tokens: number; output_tokens: number },
  ): number | null;
}

export function classify(deps: ClassifyDeps) {
  return async (state: Read, run: RunContext): Promise<Update> => {
    const usage: NodeUsage[] = [];
    const plan = await decide(deps, state, run, usage);
    run.emit({ type: "plan", plan });
    if (state.clarified) return { plan, usage, clarified: true };
    return {
      plan,
      turn: state.turn + 1,
      findings: { restart: [] },
      usage: { restart: usage },
      approvals: {},
      answer: null,
      verification: null,
      replans: 0,
    };
  };
}

async function decide(deps: ClassifyDeps, state: Read, run: RunContext, usage: NodeUsage[]): Promise<Plan> {
  const allowed = deps.backends.filter((name) => state.options.backends?.includes(name) ?? true);
  const given = state.options.plan;
  if (given !== undefined) {
    const plan = checked(given, deps.check(given, allowed));
    return plan.kind === "clarify" && state.clarified ? askedAlready(plan) : plan;
  }
  if ((state.options.tool_items ?? []).length > 0) return CLIENT_TOOL_PLAN;
  const plan = await deps.router.route(routeInput(state, allowed), routeContext(deps, run, usage));
  return plan.kind === "clarify" && state.clarified ? askedAlready(plan) : plan;
}

/** The client brings the output of its own tool: the model goes on from there, and no backend is asked again. */
const CLIENT_TOOL_PLAN: Plan = Plan.parse({
  kind: "direct",
  decision: { tier: "given", reason: "The request continues a call of the client's own tool." },
});

function routeInput(state: Read, allowed: string[]): RouteInput {
  return {
    question: state.question,
    history: state.history,
    summary: state.summary,
    previous: state.previous,
    conversations: Object.keys(state.conversations),
    allowed,
    instructions: state.options.instructions,
  };
}

function routeContext(deps: ClassifyDeps, run: RunContext, usage: NodeUsage[]): RouteContext {
  return {
    signal: run.signal,
    deadline: run.deadline,
    onUsage: ({ node, model, latency_ms, ...tokens }) =>
      usage.push({ node, model, calls: 1, usage: tokens, latency_ms, usd: deps.price(model, tokens) }),
  };
}

/** The server refuses an invalid plan before the run; this holds the same line for Studio and resumed runs. */
function checked(plan: Plan, problems: string[]): Plan {
  if (problems.length === 0) return { ...plan, decision: { ...plan.decision, tier: "given" } };
  const reason = `The given plan cannot be run: ${problems.join(" ")}`;
  return {
    ...plan,
    kind: "refuse",
    steps: [],
    refuse: { reason },
    decision: { ...plan.decision, tier: "given", reason },
  };
}

/** A turn asks back once; after that it says what it did not understand. */
function askedAlready(plan: Plan): Plan {
  const reason = `It stayed unclear what to ask: ${plan.clarify?.question ?? "the question is ambiguous."}`;
  return { ...plan, kind: "refuse", clarify: null, refuse: { reason } };
}

/** Names of the ways out of `classify`, as labelled in the graph. */
export type AfterClassify = "plan" | "ambiguous" | "no backend needed";

export function afterClassify(state: Pick<State, "plan">): AfterClassify {
  if (state.plan?.kind === "clarify") return "ambiguous";
  return state.plan?.kind === "plan" ? "plan" : "no backend needed";
}

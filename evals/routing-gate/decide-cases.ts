/** Scores what the router decides about labelled questions: no backend is asked, so the result is exact and free. */
import type { ChatModel } from "../../backends/chat-model.ts";
import type { OrchestratorConfig } from "../../config/schema.ts";
import { createRouter } from "../../routing/create-router.ts";
import type { Plan } from "../../routing/plan.ts";
import type { Case } from "../case.ts";
import { scorePlan } from "../scorers/plan.ts";
import { routeOf, scoreRoute } from "../scorers/route.ts";
import { ResponseOnWire } from "../wire.ts";

export interface DecidedCase {
  id: string;
  cluster: string;
  route: { correct: boolean };
  plan: { exact: boolean };
  /** No backend was asked. */
  numbers: null;
}

export interface DecideOptions {
  models?: { router: ChatModel | null; planner: ChatModel | null };
}

/** Conversations are left out: they need the answers of earlier turns. */
export async function decideCases(
  config: OrchestratorConfig,
  cases: readonly Case[],
  { models = { router: null, planner: null } }: DecideOptions = {},
): Promise<DecidedCase[]> {
  const router = createRouter(config, { models });
  const allowed = config.backends.filter(({ enabled }) => enabled).map(({ name }) => name);
  const context = {
    signal: new AbortController().signal,
    deadline: Number.MAX_SAFE_INTEGER,
    onUsage: () => undefined,
  };
  const decided: DecidedCase[] = [];
  for (const { id, cluster, input, expect } of cases) {
    if (input === undefined) continue;
    const plan = await router.route(
      { question: input, history: [], summary: "", previous: null, allowed },
      context,
    );
    const response = onWire(plan);
    const { correct } = scoreRoute(expect, routeOf(response));
    const { exact } = scorePlan(expect, response);
    decided.push({ id, cluster, route: { correct }, plan: { exact }, numbers: null });
  }
  return decided;
}

function onWire({ kind, steps, decision }: Plan): ResponseOnWire {
  const plan = { kind, steps, decision };
  return {
    id: "",
    status: "completed",
    output: [],
    custom_outputs: ResponseOnWire.shape.custom_outputs.parse({ plan }),
  };
}

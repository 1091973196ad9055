/** `POST /plan`: what would be asked of whom, without asking. The answer's `plan` can be edited and sent back in. */
import { expectedOf } from "../expected-cost.ts";
import type { Exchange } from "../exchange.ts";
import { parseRequest } from "../responses/parse-request.ts";
import { prepareTurn } from "../responses/prepare-turn.ts";
import { CreateRequest } from "../responses/request-schema.ts";
import { startRunClock } from "../run-clock.ts";
import { type Route, versioned } from "./route.ts";

export const PLAN_ROUTES: readonly Route[] = [
  {
    method: "post",
    paths: versioned("/plan"),
    summary: "The plan for an input without running it; run an edited one as `custom_inputs.plan`.",
    body: { name: "CreateResponse", schema: CreateRequest },
    produces: ["application/json"],
    handle: makePlan,
  },
];

async function makePlan(exchange: Exchange): Promise<void> {
  const { services, caller, signal, res } = exchange;
  const request = parseRequest(exchange.json(), services.config.server.limits);
  const leave = services.limits.enter(caller.subject, false);
  const clock = startRunClock(signal, services.clock(), services.config.budgets.deadline_ms);
  try {
    const turn = await prepareTurn(services, caller.subject, request);
    const plan = await services.orchestrator.planOnly(turn.input, {
      run_id: turn.run_id,
      caller,
      signal: clock.signal,
      deadline: clock.deadline,
      emit: () => {},
    });
    res.json({
      object: "plan",
      thread_id: turn.thread_key,
      plan,
      expected:
        services.history === undefined
          ? null
          : expectedOf(plan, services.history, (name) => priceOf(services, name)),
      backends: plan.steps.map((step) => whoIsAsked(services, step.backend)),
    });
  } finally {
    clock.stop();
    leave();
  }
}

/** What a person wants to know of a backend before it is asked, in the order of the steps. */
function whoIsAsked(services: Exchange["services"], name: string) {
  const config = services.orchestrator.backends.get(name)?.config;
  return {
    name,
    kind: config?.kind ?? null,
    identity: config?.identity ?? null,
    writes: config?.writes ?? null,
    approval: config?.approval ?? null,
    cost_per_call_usd: config?.cost_per_call_usd ?? null,
    measured: services.history?.of(name) ?? null,
  };
}

function priceOf(services: Exchange["services"], name: string): number | null {
  return services.orchestrator.backends.get(name)?.config.cost_per_call_usd ?? null;
}

/** A turn with everything that is done around it: budget, scores, log and metrics. */
import type { Logger } from "pino";
import { budgetedTurn } from "../graphs/budgeted-turn.ts";
import type { Assembled } from "../graphs/from-config.ts";
import { loggedTurn } from "../graphs/logged-turn.ts";
import { meteredTurn } from "../graphs/metered-turn.ts";
import { scoredTurn } from "../graphs/scored-turn.ts";
import type { RunTurn } from "../graphs/turn-span.ts";
import type { AssessmentTarget } from "../tracing/assessment.ts";
import type { Forwarder } from "../tracing/forwarder.ts";
import type { RunMetrics } from "../tracing/metrics/run-metrics.ts";
import type { Redact } from "../tracing/redact.ts";

export interface TurnWatch {
  metrics: RunMetrics;
  logger: Logger;
  targets: readonly AssessmentTarget[];
  forwarder: Forwarder;
  redact: Redact;
}

export function watchedTurn(assembled: Assembled, watch: TurnWatch): RunTurn {
  const { config, backends, store } = assembled;
  const { metrics, logger, ...scoring } = watch;
  const scored = scoredTurn((input, context) => assembled.runTurn(input, context), {
    ...scoring,
    judge: backends.models.judge,
    share: config.tracing.scoring.judge_share,
    random: Math.random,
    clock: Date.now,
  });
  const budgeted = budgetedTurn(scored, {
    usage: store.usage,
    max_usd: config.budgets.max_cost_usd_per_user_per_day,
    max_request_usd: config.budgets.max_cost_usd,
    prices: new Map(
      config.backends.flatMap(({ name, cost_per_call_usd: usd }) => (usd === undefined ? [] : [[name, usd]])),
    ),
    clock: Date.now,
    onStop: (budget) => metrics.stopped(budget),
  });
  return meteredTurn(loggedTurn(budgeted, logger), metrics, Date.now);
}

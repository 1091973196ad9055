/** What a request may spend, and whether it may go on: what is there is told, nothing more is asked. */
import type { Step } from "../routing/plan.ts";
import type { NodeUsage } from "./state.ts";

export interface Budget {
  /** Dollars of one request over all models and backends; null for no limit. */
  max_cost_usd: number | null;
  /** Tokens of one request over everything that reports some; null for no limit. */
  max_tokens: number | null;
  /** What one call of a backend costs, where it is known. */
  costPerCall: (backend: string) => number | null;
}

/** The limits of a request: its own, and what is left of the user's day. */
export interface Allowance {
  budget: Budget;
  /** Dollars; undefined without a limit per day. */
  left_usd: number | undefined;
}

/** One sentence when the request has used up what it may, else null. Unknown prices count nothing. */
export function usedUp({ budget, left_usd }: Allowance, usage: readonly NodeUsage[]): string | null {
  const tokens = usage.reduce(
    (sum, each) => sum + (each.usage?.input_tokens ?? 0) + (each.usage?.output_tokens ?? 0),
    0,
  );
  if (budget.max_tokens !== null && tokens >= budget.max_tokens) {
    return `the budget of ${budget.max_tokens} tokens for one request is used up.`;
  }
  const usd = dollars(usage);
  if (budget.max_cost_usd !== null && usd >= budget.max_cost_usd) {
    return `the budget of ${budget.max_cost_usd} USD for one request is used up.`;
  }
  return left_usd !== undefined && usd >= left_usd ? "the user's budget for today (UTC) is used up." : null;
}

/** The same for one more step, after `before` that start with it. */
export function tooDear(
  allowance: Allowance,
  usage: readonly NodeUsage[],
  step: Step,
  before: readonly Step[],
): string | null {
  const spent = usedUp(allowance, usage);
  if (spent !== null) return spent;
  const { budget, left_usd } = allowance;
  const cost = budget.costPerCall(step.backend);
  if (cost === null) return null;
  const planned = before.reduce(
    (sum, each) => sum + (budget.costPerCall(each.backend) ?? 0),
    dollars(usage) + cost,
  );
  const most = Math.min(budget.max_cost_usd ?? Infinity, left_usd ?? Infinity);
  return planned > most ? `it costs ${cost} USD, more than is left of the budget.` : null;
}

function dollars(usage: readonly NodeUsage[]): number {
  return usage.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
}

/** What a request may spend, and whether it may go on: what is there is told, nothing more is asked. */
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

/** What a request has spent so far. Unknown prices count nothing. */
export interface Spent {
  usd: number;
  tokens: number;
}

export function spentIn(usage: readonly NodeUsage[]): Spent {
  return {
    usd: usage.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    tokens: usage.reduce(
      (sum, each) => sum + (each.usage?.input_tokens ?? 0) + (each.usage?.output_tokens ?? 0),
      0,
    ),
  };
}

/** The same with one more call of a backend, which costs what is known of it beforehand. */
export function withCall({ usd, tokens }: Spent, backend: string, budget: Budget): Spent {
  return { usd: usd + (budget.costPerCall(backend) ?? 0), tokens };
}

/** One sentence when the request has used up what it may, else null. */
export function usedUp({ budget, left_usd }: Allowance, { usd, tokens }: Spent): string | null {
  if (budget.max_tokens !== null && tokens >= budget.max_tokens) {
    return `the budget of ${budget.max_tokens} tokens for one request is used up.`;
  }
  if (budget.max_cost_usd !== null && usd >= budget.max_cost_usd) {
    return `the budget of ${budget.max_cost_usd} USD for one request is used up.`;
  }
  return left_usd !== undefined && usd >= left_usd ? "the user's budget for today (UTC) is used up." : null;
}

/** The same for one more call of a backend. */
export function tooDear(allowance: Allowance, spent: Spent, backend: string): string | null {
  const over = usedUp(allowance, spent);
  if (over !== null) return over;
  const { budget, left_usd } = allowance;
  const cost = budget.costPerCall(backend);
  if (cost === null) return null;
  const most = Math.min(budget.max_cost_usd ?? Infinity, left_usd ?? Infinity);
  return spent.usd + cost > most ? `it costs ${cost} USD, more than is left of the budget.` : null;
}

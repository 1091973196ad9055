/** Keeps what each user spends a day, and ends politely when the day's budget is used up. */
import type { UsageTable } from "../store/usage.ts";
import type { TurnResult } from "./run.ts";
import { costOf } from "./turn-cost.ts";
import type { RunTurn } from "./turn-span.ts";

export interface DayBudget {
  usage: UsageTable;
  /** Dollars of one user in a day (UTC); undefined for no limit. */
  max_usd: number | undefined;
  /** Epoch milliseconds. */
  clock: () => number;
  onStop: (budget: "user_day") => void;
}

export function budgetedTurn(runTurn: RunTurn, { usage, max_usd, clock, onStop }: DayBudget): RunTurn {
  return async (input, context) => {
    const owner = context.caller.subject;
    const at = clock();
    const left_usd = max_usd === undefined ? undefined : max_usd - (await usage.spent(owner, at)).usd;
    if (left_usd !== undefined && left_usd <= 0) {
      onStop("user_day");
      return spentToday(max_usd ?? 0);
    }
    const result = await runTurn(input, { ...context, left_usd });
    await usage.record({ run_id: context.run_id, owner, at, ...totals(result) });
    return result;
  };
}

function totals({ usage }: TurnResult) {
  const { known_usd, unpriced } = costOf(usage);
  return {
    input_tokens: usage.reduce((sum, each) => sum + (each.usage?.input_tokens ?? 0), 0),
    output_tokens: usage.reduce((sum, each) => sum + (each.usage?.output_tokens ?? 0), 0),
    // A sum of nothing known is unknown, not 0.
    usd: unpriced === usage.length ? null : known_usd,
  };
}

function spentToday(max_usd: number): TurnResult {
  const message = `The budget of ${max_usd} USD for one user and day is used up; it starts anew at 00:00 UTC.`;
  return {
    status: "failed",
    answer: null,
    plan: null,
    findings: [],
    usage: [],
    failure: { code: "rate_limited", message },
    approvals: [],
    checkpoint_id: null,
  };
}

/** Keeps what each user spends a day, and ends politely when the day's budget is used up. */
import type { RunEvent } from "../nodes/run-context.ts";
import type { NodeUsage } from "../nodes/state.ts";
import type { UsageTable } from "../store/usage.ts";
import { refusedTurn } from "./refused-turn.ts";
import type { TurnContext, TurnResult } from "./run.ts";
import { costOf } from "./turn-cost.ts";
import type { RunTurn } from "./turn-span.ts";

export interface DayBudget {
  usage: UsageTable;
  /** Dollars of one user in a day (UTC); undefined for no limit. */
  max_usd: number | undefined;
  /** Dollars of one request; undefined for no limit. */
  max_request_usd: number | undefined;
  /** What one call of each backend costs, where it is known. */
  prices: ReadonlyMap<string, number>;
  /** Epoch milliseconds. */
  clock: () => number;
  onStop: (budget: "user_day") => void;
}

/** A run that lost its process holds its share of the day this much longer than it could have lasted. */
const GRACE_MS = 60_000;

export function budgetedTurn(runTurn: RunTurn, budget: DayBudget): RunTurn {
  const { usage, max_usd, clock, onStop } = budget;
  return async (input, context) => {
    const owner = context.caller.subject;
    const { run_id } = context;
    const at = clock();
    const left_usd = max_usd === undefined ? undefined : await setAside(budget, max_usd, context, at);
    if (left_usd !== undefined && left_usd <= 0) {
      onStop("user_day");
      return refused(max_usd ?? 0, (await usage.spent(owner, at)).usd);
    }
    const seen = watch(context, budget.prices);
    let spent: readonly NodeUsage[] | null = null;
    try {
      const result = await runTurn(input, { ...context, emit: seen.emit, left_usd });
      spent = result.usage;
      return result;
    } finally {
      // A run that broke off has spent what it had asked until then.
      await usage.record({ run_id, owner, at, ...totals(spent ?? seen.usage()) });
      if (left_usd !== undefined) await usage.release(run_id);
    }
  };
}

/** As much as a request may cost; else what its backends cost if it asks them all, or what this user's runs cost. */
async function setAside(budget: DayBudget, max_usd: number, context: TurnContext, at: number) {
  const { usage, max_request_usd, prices } = budget;
  const { run_id, deadline } = context;
  const owner = context.caller.subject;
  const all = [...prices.values()].reduce((sum, usd) => sum + usd, 0);
  const usd = max_request_usd ?? Math.max(all, await usage.mean(owner));
  return usage.reserve({ run_id, owner, at, until: deadline + GRACE_MS, usd, max_usd });
}

/** What a run is known to have spent while it has not ended: its nodes', and the calls that are under way. */
function watch(context: TurnContext, prices: ReadonlyMap<string, number>) {
  const ended: NodeUsage[] = [];
  const calls = new Map<string, NodeUsage>();
  return {
    emit: (event: RunEvent) => {
      if (event.type === "step_started") calls.set(event.step, callOf(event.backend, prices));
      if (event.type === "node_finished") {
        ended.push(...(event.usage ?? []));
        calls.delete(event.step ?? "");
      }
      context.emit(event);
    },
    usage: () => [...ended, ...calls.values()],
  };
}

function callOf(backend: string, prices: ReadonlyMap<string, number>): NodeUsage {
  const usd = prices.get(backend) ?? null;
  return { node: backend, model: null, calls: 1, usage: null, latency_ms: 0, usd };
}

function totals(usage: readonly NodeUsage[]) {
  const { known_usd, unpriced } = costOf(usage);
  return {
    input_tokens: usage.reduce((sum, each) => sum + (each.usage?.input_tokens ?? 0), 0),
    output_tokens: usage.reduce((sum, each) => sum + (each.usage?.output_tokens ?? 0), 0),
    // A sum of nothing known is unknown, not 0.
    usd: unpriced > 0 && unpriced === usage.length ? null : known_usd,
  };
}

function refused(max_usd: number, spent_usd: number): TurnResult {
  const day = `The budget of ${max_usd} USD for one user and day`;
  const message =
    spent_usd < max_usd
      ? `${day} is held by questions under way; ask again when they have ended.`
      : `${day} is used up; it starts anew at 00:00 UTC.`;
  return refusedTurn({ code: "rate_limited", message });
}

/** What a turn cost, from the prices that are configured. Unknown stays unknown: it is never counted as 0. */
import type { NodeUsage } from "../nodes/state.ts";

export interface TurnCost {
  /** Dollars over all calls; null when the price of any of them is unknown. */
  usd: number | null;
  /** Dollars of the calls whose price is known. */
  known_usd: number;
  /** Calls whose price is unknown. */
  unpriced: number;
}

export function costOf(usage: readonly NodeUsage[]): TurnCost {
  const known_usd = usage.reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  const unpriced = usage.filter(({ usd }) => usd === null).length;
  return { usd: unpriced === 0 ? known_usd : null, known_usd, unpriced };
}

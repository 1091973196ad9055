/** What an answer took, and whether that is within the case's budget. */
import type { Case } from "../case.ts";
import type { Outcome } from "../outcome.ts";

export interface SpentScore {
  /** Calls of backends, and the repeats among their attempts. */
  calls: number;
  retries: number;
  model_calls: number;
  /** Sent and received by our own models; what a backend's model takes is its own. */
  tokens: number;
  /** Null where something has no price. */
  usd: number | null;
  latency_ms: number;
  /** Null without a budget. */
  within: boolean | null;
}

export function scoreSpent({ budget }: Case, { response, latency_ms }: Outcome): SpentScore {
  const outputs = response?.custom_outputs;
  const calls = outputs?.backend_calls ?? [];
  const usage = outputs?.usage ?? [];
  const asked = new Set(calls.map(({ backend }) => backend));
  const models = usage.filter(({ node }) => !asked.has(node));
  const spent = {
    calls: calls.length,
    retries: calls.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    model_calls: models.reduce((sum, one) => sum + one.calls, 0),
    tokens: models.reduce(
      (sum, one) => sum + (one.usage === null ? 0 : one.usage.input_tokens + one.usage.output_tokens),
      0,
    ),
    usd: usage.reduce<number | null>((sum, { usd }) => (sum === null || usd === null ? null : sum + usd), 0),
    latency_ms,
  };
  return { ...spent, within: budget === undefined ? null : fits(spent, budget) };
}

/** What is unknown is not within a budget that names it. */
function fits(spent: Omit<SpentScore, "within">, budget: NonNullable<Case["budget"]>): boolean {
  return Object.entries(budget).every(([name, most]) => {
    const value = spent[name as keyof typeof budget];
    return value !== null && value <= most;
  });
}

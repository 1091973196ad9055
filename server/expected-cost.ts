/** What a plan will probably take and cost, from measured calls alone; what was never measured stays unknown. */
import type { Plan } from "../routing/plan.ts";
import type { StepHistory } from "./step-history.ts";

export interface Expected {
  /** Along the longest chain of steps, by their medians; null while a step of it was never measured. */
  latency_ms: number | null;
  /** Null while the price of a step is unknown. */
  cost_usd: number | null;
  /** Backends without any measured call. */
  unmeasured: string[];
}

export function expectedOf(
  plan: Pick<Plan, "steps">,
  history: StepHistory,
  priceOf: (backend: string) => number | null,
): Expected {
  const names = [...new Set(plan.steps.map((step) => step.backend))];
  const unmeasured = names.filter((name) => history.of(name) === null);
  const prices = plan.steps.map(({ backend }) => priceOf(backend) ?? history.of(backend)?.mean_usd ?? null);
  return {
    latency_ms: unmeasured.length > 0 ? null : longestChain(plan, history),
    cost_usd: prices.reduce<number | null>(
      (sum, usd) => (sum === null || usd === null ? null : sum + usd),
      0,
    ),
    unmeasured,
  };
}

/** The writing of the answer comes after every step, where a model writes it. */
function longestChain({ steps }: Pick<Plan, "steps">, history: StepHistory): number {
  const ends = new Map<string, number>();
  // As often as there are steps: then every step has seen those before it, in whatever order they stand.
  for (const _round of steps) {
    for (const step of steps) {
      const before = Math.max(0, ...step.depends_on.map((id) => ends.get(id) ?? 0));
      ends.set(step.id, before + (history.of(step.backend)?.p50_ms ?? 0));
    }
  }
  return Math.max(0, ...ends.values()) + (history.of("synthesize")?.p50_ms ?? 0);
}

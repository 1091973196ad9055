/** The floors that a run must reach, in each split by itself. */
import type { Scored } from "./score-case.ts";
import { summarize } from "./summarize.ts";

const ROUTING = 0.9;
const PLAN = 0.8;

/** One sentence per floor that was missed. */
export function missedFloors(scored: readonly Scored[]): string[] {
  return ["dev", "heldout"].flatMap((split) => {
    const { routing, plan } = summarize(scored.filter(({ question }) => question.split === split));
    return [below(split, "Routing", routing.value, ROUTING), below(split, "Plans", plan.value, PLAN)].filter(
      (sentence) => sentence !== null,
    );
  });
}

function below(split: string, what: string, value: number | null, floor: number): string | null {
  if (value === null || value >= floor) return null;
  return `${what} reached ${(value * 100).toFixed(1)} % in ${split}; the floor is ${floor * 100} %.`;
}
